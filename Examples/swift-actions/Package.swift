// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "swift-actions",
  dependencies: [
    // The working tree; a project of yours names Petrel's address and version here.
    .package(name: "petrel", path: "../..", traits: [])
  ],
  targets: [
    .executableTarget(
      name: "app",
      dependencies: [.product(name: "Petrel", package: "petrel")],
      path: "Sources/stock"),
    .executableTarget(
      name: "misfit",
      dependencies: [.product(name: "Petrel", package: "petrel")]),
    // Builds a tree of files behind workflows/databuild.yaml.
    .executableTarget(
      name: "databuild",
      dependencies: [.product(name: "Petrel", package: "petrel")]),
    // A connection pool for PostgreSQL behind workflows/pool.yaml.
    .systemLibrary(
      name: "CPQ", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
    .executableTarget(
      name: "pool",
      dependencies: ["CPQ", .product(name: "Petrel", package: "petrel")]),
  ]
)
