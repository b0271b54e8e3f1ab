// swift-tools-version: 6.2
import PackageDescription

/// The compiler features that every target of ours is built with; a warning is an error.
let settings: [SwiftSetting] = [
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

/// How the programs are linked.
///
/// Without a table of two megabytes of names that nothing looks up, and with packed relocations,
/// `footplate` starts in 8 ms instead of 10. What is left are the pages that its relocations touch;
/// hooks, which somebody waits for, have `footplate-track`, with a third of them.
let startsFast: [LinkerSetting] = [
  .unsafeFlags(["-use-ld=lld"]),
  .unsafeFlags(
    [
      "-Xlinker", "--no-export-dynamic", "-Xlinker", "-z", "-Xlinker", "pack-relative-relocs",
    ],
    .when(configuration: .release)),
]

let package = Package(
  name: "footplate",
  platforms: [.macOS(.v15)],
  products: [
    .executable(name: "footplate", targets: ["footplate"]),
    .executable(name: "footplate-track", targets: ["footplate-track"]),
    .library(name: "Resilience", targets: ["Resilience"]),
  ],
  dependencies: [
    // The command line: parsing, help, completion scripts.
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    // The store: SQLite with prepared statements, migrations and typed rows.
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    // The definition and the themes: YAML with line and column of every node.
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    // Templates: Mustache, with its HTML escaping switched off.
    .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
    // Deques and ordered sets for the engine's window and the write queue.
    .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
    // Calls of models: streams answers on Linux (URLSession does not), pools connections, speaks
    // HTTP/2 and to proxies.
    .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
    // The engine's own log, at levels that operators know.
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    // The same client's own foundation: the errors by which faults are told apart, and the mock
    // provider's server.
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
    .package(url: "https://github.com/apple/swift-nio-http2", from: "1.46.0"),
    .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
  ],
  targets: [
    // Pure: values and machines, no clock, no I/O.
    .target(name: "Resilience", swiftSettings: settings),
    .target(name: "BatchModel", dependencies: ["Resilience", "CCrypto"], swiftSettings: settings),
    .target(
      name: "Engine",
      dependencies: [
        "BatchModel", "Resilience", .product(name: "DequeModule", package: "swift-collections"),
      ],
      swiftSettings: settings),
    // What goes to the model providers and what comes back, as values; `ModelCalls` does the HTTP.
    .target(
      name: "Providers", dependencies: ["BatchModel", "Resilience"],
      resources: [.embedInCode("Prices/prices.json")], swiftSettings: settings),
    // The delivery of events as decisions and bytes; `Runtime` reads the store and posts them.
    .target(name: "Outbox", dependencies: ["BatchModel", "Resilience"], swiftSettings: settings),
    .target(name: "Canvas", swiftSettings: settings),
    .target(
      name: "Dashboard", dependencies: ["Canvas", "BatchModel", "Resilience"],
      swiftSettings: settings),

    // Edges: files, processes, the database, the terminal.
    .target(
      name: "BatchDefinition",
      dependencies: [
        "BatchModel", "Providers", "Resilience", "Yams",
        .product(name: "Mustache", package: "swift-mustache"),
      ],
      swiftSettings: settings),
    .target(
      name: "BatchStore",
      dependencies: [
        "BatchModel", .product(name: "GRDB", package: "GRDB.swift"),
        .product(name: "GRDBSQLite", package: "GRDB.swift"),
      ],
      swiftSettings: settings),
    .target(
      name: "DurableFiles", dependencies: ["BatchModel", "CSpawn"], swiftSettings: settings),
    .target(
      name: "Executors", dependencies: ["BatchModel", "CSpawn", "DurableFiles"],
      swiftSettings: settings),
    // Apart from `Executors`, so that only what calls models builds the HTTP client.
    .target(
      name: "ModelCalls",
      dependencies: [
        "Providers", "Resilience",
        .product(name: "AsyncHTTPClient", package: "async-http-client"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOHTTPCompression", package: "swift-nio-extras"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
      ],
      swiftSettings: settings),
    .target(
      name: "MockProvider",
      dependencies: [
        "BatchModel", "Providers", "Resilience",
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
      ],
      swiftSettings: settings),
    // The agent of rehearsals, apart from the provider so that it brings no HTTP server along.
    .target(name: "MockAgent", dependencies: ["BatchModel"], swiftSettings: settings),
    .target(
      name: "NcursesTerminal", dependencies: ["Canvas", "CNcurses"], swiftSettings: settings),
    .target(
      name: "Themes", dependencies: ["Dashboard", "Canvas", "Yams"], path: "Themes",
      resources: [
        .embedInCode("default.yaml"), .embedInCode("dark.yaml"), .embedInCode("light.yaml"),
        .embedInCode("colorblind.yaml"), .embedInCode("contrast.yaml"),
      ],
      swiftSettings: settings),
    .target(
      name: "Runtime",
      dependencies: [
        "BatchDefinition", "BatchModel", "BatchStore", "CSpawn", "DurableFiles", "Engine",
        "Executors", "ModelCalls", "Outbox", "Providers", "Resilience", "Tracking",
      ],
      swiftSettings: settings),
    // What a hook leaves, apart from `Runtime` so that a program of its own can be small.
    .target(
      name: "Tracking", dependencies: ["BatchModel", "DurableFiles", "Resilience"],
      swiftSettings: settings),
    .executableTarget(
      name: "footplate-track", dependencies: ["Canvas", "Tracking"], swiftSettings: settings,
      linkerSettings: startsFast),
    .executableTarget(
      name: "footplate",
      dependencies: [
        "BatchDefinition", "BatchModel", "BatchStore", "Canvas", "Dashboard", "DurableFiles",
        "Engine", "Executors", "MockAgent", "MockProvider", "NcursesTerminal", "Providers",
        "Resilience", "Runtime", "Themes", "Tracking",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Logging", package: "swift-log"),
      ],
      resources: [
        .embedInCode("Demo/Files/footplate.yaml"), .embedInCode("Demo/Files/provider.yaml"),
        .embedInCode("Demo/Files/reply.md"), .embedInCode("Demo/Files/review.sh"),
      ],
      swiftSettings: settings,
      linkerSettings: startsFast),

    // C: what Swift's importer cannot see.
    .systemLibrary(name: "CCrypto", providers: [.apt(["libssl-dev"])]),
    .target(
      name: "CNcurses", linkerSettings: [.linkedLibrary("ncursesw"), .linkedLibrary("tinfo")]),
    .target(name: "CSpawn"),

    .testTarget(name: "ResilienceTests", dependencies: ["Resilience"], swiftSettings: settings),
    .testTarget(name: "BatchModelTests", dependencies: ["BatchModel"], swiftSettings: settings),
    .testTarget(
      name: "BatchDefinitionTests",
      dependencies: ["BatchDefinition", "BatchModel", "Providers", "Resilience"],
      swiftSettings: settings),
    .testTarget(
      name: "EngineTests", dependencies: ["Engine", "BatchModel", "Resilience"],
      swiftSettings: settings),
    .testTarget(
      name: "OutboxTests", dependencies: ["Outbox", "BatchModel", "Resilience"],
      swiftSettings: settings),
    .testTarget(
      name: "ProvidersTests", dependencies: ["Providers", "BatchModel", "Resilience"],
      swiftSettings: settings),
    .testTarget(
      name: "MockProviderTests",
      dependencies: [
        "MockProvider", "BatchModel", "Providers", "Resilience",
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOEmbedded", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
      ],
      swiftSettings: settings),
    .testTarget(
      name: "ModelCallsTests",
      dependencies: [
        "BatchModel", "MockProvider", "ModelCalls", "Providers", "Resilience",
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOHTTP2", package: "swift-nio-http2"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
      ],
      swiftSettings: settings),
    .testTarget(
      name: "BatchStoreTests",
      dependencies: [
        "BatchStore", "BatchModel", .product(name: "GRDB", package: "GRDB.swift"),
      ], swiftSettings: settings),
    .testTarget(
      name: "DurableFilesTests", dependencies: ["DurableFiles", "BatchModel", "Resilience"],
      swiftSettings: settings),
    .testTarget(
      name: "MockAgentTests", dependencies: ["MockAgent", "BatchModel"], swiftSettings: settings),
    // The mock agent as a process, for the tests of whoever starts agents; no product has it.
    .executableTarget(
      name: "mock-agent-process", dependencies: ["MockAgent", "BatchModel"],
      path: "Tests/MockAgentProcess", swiftSettings: settings),
    .testTarget(
      name: "ExecutorsTests",
      dependencies: [
        "mock-agent-process", "Executors", "BatchModel", "DurableFiles", "Resilience",
      ],
      swiftSettings: settings),
    .testTarget(name: "CanvasTests", dependencies: ["Canvas"], swiftSettings: settings),
    .testTarget(
      name: "DashboardTests",
      dependencies: ["Dashboard", "Canvas", "BatchModel", "Resilience", "Themes"],
      swiftSettings: settings),
    .testTarget(
      name: "NcursesTerminalTests", dependencies: ["NcursesTerminal", "Canvas"],
      swiftSettings: settings),
    .testTarget(
      name: "SimulationTests",
      dependencies: ["Engine", "BatchModel", "BatchStore", "Resilience", "Runtime"],
      swiftSettings: settings),
    .testTarget(
      name: "RuntimeTests",
      dependencies: [
        "BatchDefinition", "BatchModel", "BatchStore", "DurableFiles", "Engine", "Executors",
        "MockProvider", "Resilience", "Runtime", .product(name: "GRDB", package: "GRDB.swift"),
      ],
      swiftSettings: settings),
    .testTarget(
      name: "TrackingTests", dependencies: ["Tracking", "BatchModel", "Resilience"],
      swiftSettings: settings),
    .testTarget(
      name: "EndToEndTests", dependencies: ["footplate", "footplate-track", "Resilience"],
      swiftSettings: settings),
  ],
  swiftLanguageModes: [.v6]
)
