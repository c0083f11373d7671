// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
]

func pure(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

func tests(
  _ name: String, _ dependencies: [Target.Dependency], resources: [Resource] = []
) -> Target {
  .testTarget(
    name: name, dependencies: dependencies, resources: resources, swiftSettings: settings)
}

let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")

let package = Package(
  name: "petrel",
  platforms: [.macOS(.v15)],
  products: [
    .executable(name: "petrel", targets: ["Main"]),
    .library(name: "Petrel", targets: ["Petrel"]),
  ],
  dependencies: [],
  targets: [
    pure("CEL"),
    pure("PetriNet", ["CEL"]),
    pure("Engine", ["CEL", "PetriNet"]),
    tests("CELTests", ["CEL"]),
  ]
)
