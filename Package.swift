// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
]

func library(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

func tests(
  _ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []
) -> Target {
  .testTarget(
    name: name, dependencies: dependencies, exclude: exclude, swiftSettings: settings)
}

/// What `petrel init` writes.
let projectTemplates = [
  "refund-configuration.yaml", "refund-workflow.yaml", "refund-library.yaml", "refund-prompt.md",
  "refund-tests.yaml", "scraper-configuration.yaml", "scraper-workflow.yaml", "scraper-tests.yaml",
  "empty-configuration.yaml", "empty-workflow.yaml", "empty-tests.yaml",
]

let argumentParser = Target.Dependency.product(
  name: "ArgumentParser", package: "swift-argument-parser")
let collections = Target.Dependency.product(name: "Collections", package: "swift-collections")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let cryptoExtras = Target.Dependency.product(name: "_CryptoExtras", package: "swift-crypto")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let grdbSQLite = Target.Dependency.product(name: "GRDBSQLite", package: "GRDB.swift")
let hummingbirdTesting = Target.Dependency.product(
  name: "HummingbirdTesting", package: "hummingbird")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let serviceLifecycle = Target.Dependency.product(
  name: "ServiceLifecycle", package: "swift-service-lifecycle")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")

let package = Package(
  name: "petrel",
  products: [
    .executable(name: "petrel", targets: ["Main"]),
    .library(name: "Petrel", targets: ["Petrel", "Commands"]),
  ],
  traits: [
    .default(enabledTraits: ["SMT", "Postgres"]),
    .trait(name: "SMT", description: "Guards with arithmetic and strings are decided by Z3."),
    .trait(name: "Postgres", description: "The log may live in PostgreSQL, through libpq."),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
  ],
  targets: [
    // Pure: the standard library and swift-collections only.
    library("CEL"),
    library("PetriNet", ["CEL"]),
    library("Engine", ["CEL", "PetriNet", collections]),

    // Shell: each meets one outside thing.
    .target(
      name: "Workflows", dependencies: ["CEL", "PetriNet", yams],
      resources: [
        .embedInCode("Resources/messages.ko.txt"), .embedInCode("Resources/pages.ko.txt"),
      ],
      swiftSettings: settings),
    library("Orchestration", ["CEL", "PetriNet", "Engine"]),
    library("Record", ["CEL", "PetriNet", "Engine", "Orchestration", crypto, cryptoExtras]),
    library(
      "SQLiteStore",
      ["CEL", "PetriNet", "Engine", "Orchestration", "Record", "CPlatform", grdb, grdbSQLite]),
    // Empty without the trait, and then nothing needs libpq.
    library(
      "PostgresStore",
      [
        "CEL", "PetriNet", "Engine", "Orchestration", "Record",
        .target(name: "CPostgres", condition: .when(traits: ["Postgres"])),
      ]),
    library("Transfer", ["CCurl", "CPlatform"]),
    library("LLMJudge", ["CEL", "PetriNet", "Engine", "Orchestration", "Transfer", crypto]),
    library("HTTPActions", ["CEL", "PetriNet", "Engine", "Orchestration", "Transfer"]),
    library(
      "Simulation",
      ["CEL", "PetriNet", "Engine", "Workflows", "Orchestration", "Record", "LLMJudge"]),
    library("StandIns", ["CEL", "PetriNet", crypto, nioCore, nioHTTP1, nioPosix]),
    .target(
      name: "Web",
      dependencies: [
        "CEL", "PetriNet", "Engine", "Orchestration", "Record", httpTypes, hummingbird, logging,
        serviceLifecycle,
      ],
      resources: [.embedInCode("Api/OpenAPI.json")], swiftSettings: settings),
    library(
      "Petrel", ["CEL", "PetriNet", "Engine", "Orchestration"]),
    .target(
      name: "Commands",
      dependencies: [
        "CEL", "PetriNet", "Engine", "Workflows", "Orchestration", "Record", "SQLiteStore",
        "PostgresStore", "Transfer", "LLMJudge", "HTTPActions", "Simulation", "StandIns", "Web",
        "Petrel", "CPlatform", argumentParser, crypto, logging,
      ],
      resources: projectTemplates.map { .embedInCode("Resources/\($0)") },
      swiftSettings: settings),
    .executableTarget(name: "Main", dependencies: ["Commands"], swiftSettings: settings),
    // What Benchmarks/run measures; in no product that is shipped.
    .executableTarget(
      name: "Bench",
      dependencies: [
        "CEL", "PetriNet", "Engine", "Workflows", "Orchestration", "Record", "SQLiteStore",
        "Transfer", "LLMJudge", "HTTPActions", "StandIns", collections, crypto, grdbSQLite,
      ],
      path: "Benchmarks/Bench", swiftSettings: settings),
    .systemLibrary(
      name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
    .systemLibrary(name: "CPostgres", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
    .target(name: "CPlatform"),

    tests("CELTests", ["CEL"]),
    tests("PetriNetTests", ["CEL", "PetriNet", "Workflows"]),
    tests(
      "EngineTests",
      ["CEL", "PetriNet", "Engine", "Workflows", "Orchestration", "Record"]),
    tests("WorkflowsTests", ["CEL", "PetriNet", "Workflows"], exclude: ["Golden"]),
    tests(
      "OrchestrationTests",
      ["CEL", "PetriNet", "Engine", "Workflows", "Orchestration", "Record"]),
    tests(
      "RecordTests", ["CEL", "PetriNet", "Engine", "Orchestration", "Record", crypto],
      exclude: ["Golden"]),
    // A real server of PostgreSQL for tests, and what cuts the way to it.
    .target(name: "PostgresServer", path: "Tests/PostgresServer", swiftSettings: settings),
    tests(
      "SQLiteStoreTests",
      [
        "CEL", "PetriNet", "Engine", "Orchestration", "Record", "SQLiteStore", "PostgresStore",
        "PostgresServer", grdb,
      ]),
    .target(name: "LoopbackServer", path: "Tests/LoopbackServer", swiftSettings: settings),
    // The loop of the service over one log on a virtual clock, for tests and for what they run.
    .target(
      name: "VirtualRun",
      dependencies: ["CEL", "PetriNet", "Engine", "Workflows", "Orchestration", collections],
      path: "Tests/VirtualRun", swiftSettings: settings),
    .executableTarget(
      name: "Scraping",
      dependencies: [
        "CEL", "PetriNet", "Engine", "Orchestration", "Record", "SQLiteStore", "VirtualRun",
      ], path: "Tests/Scraping", exclude: ["check.py"], swiftSettings: settings),
    tests("TransferTests", ["Transfer", "LoopbackServer"]),
    tests(
      "LLMJudgeTests",
      ["CEL", "PetriNet", "Engine", "Orchestration", "Transfer", "LLMJudge", "LoopbackServer"],
      exclude: ["Golden", "Reference"]),
    tests(
      "HTTPActionsTests",
      [
        "CEL", "PetriNet", "Engine", "Orchestration", "Transfer", "HTTPActions", "LoopbackServer",
      ]),
    tests(
      "SimulationTests",
      ["CEL", "PetriNet", "Engine", "Workflows", "Orchestration", "Record", "Simulation"]),
    tests("StandInsTests", ["PetriNet", "StandIns"]),
    tests(
      "CommandsTests", ["PetriNet", "Engine", "Commands", "Main", "LoopbackServer"],
      exclude: ["Golden", "Files"]),
    tests("DemoTests", []),
    tests(
      "TripTests",
      ["CEL", "PetriNet", "Engine", "Orchestration", "Record", "StandIns", "VirtualRun"]),
    tests("ScrapingTests", ["Scraping"]),
    tests(
      "InjectionTests",
      ["CEL", "PetriNet", "Engine", "Orchestration", "Record", "LLMJudge", "VirtualRun"]),
    tests(
      "PetrelTests",
      ["CEL", "PetriNet", "Engine", "Workflows", "Orchestration", "Petrel", crypto],
      exclude: ["Refused", "Files"]),
    tests("ReadmeTests", [grdb], exclude: ["exports.py"]),
    .target(
      name: "ScriptedLoop",
      dependencies: [
        "CEL", "PetriNet", "Engine", "Workflows", "Orchestration", "Record", "SQLiteStore",
      ], path: "Tests/ScriptedLoop", swiftSettings: settings),
    // One process of two that must write the same bytes; in no product.
    .executableTarget(
      name: "ScriptRunner", dependencies: ["ScriptedLoop"], path: "Tests/ScriptRunner",
      swiftSettings: settings),
    tests(
      "SurvivalTests",
      [
        "CEL", "PetriNet", "Engine", "Orchestration", "Record", "SQLiteStore", "PostgresStore",
        "PostgresServer", "Transfer", "LLMJudge", "ScriptedLoop", "ScriptRunner",
        "Main", crypto, grdb,
      ], exclude: ["Servers", "Shims"]),
    tests("TidyTests", []),
    tests(
      "WebTests",
      [
        "CEL", "PetriNet", "Engine", "Workflows", "Orchestration", "Record", "Web", httpTypes,
        hummingbird, hummingbirdTesting, logging,
      ]),
  ]
)
