// swift-tools-version: 6.2
import PackageDescription

/// Calls a second against the mock provider, ours beside a bare client's.
///
/// It links the modules' sources, since `package` declarations end at the package's border:
///
///     swift run -c release --package-path Benchmarks/ModelCalls
let package = Package(
  name: "model-calls-benchmark",
  platforms: [.macOS(.v15)],
  dependencies: [
    .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
    .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
  ],
  targets: [
    .target(name: "Resilience", swiftSettings: settings),
    .target(name: "BatchModel", dependencies: ["Resilience", "CCrypto"], swiftSettings: settings),
    .target(
      name: "Providers", dependencies: ["BatchModel", "Resilience"],
      resources: [.embedInCode("Prices/prices.json")], swiftSettings: settings),
    .target(
      name: "MockProvider",
      dependencies: [
        "BatchModel", "Providers", "Resilience",
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
      ],
      swiftSettings: settings),
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
    .executableTarget(
      name: "model-calls-benchmark",
      dependencies: [
        "BatchModel", "MockProvider", "ModelCalls", "Providers", "Resilience",
        .product(name: "AsyncHTTPClient", package: "async-http-client"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
      ],
      swiftSettings: settings),
    .systemLibrary(name: "CCrypto", providers: [.apt(["libssl-dev"])]),
  ],
  swiftLanguageModes: [.v6]
)

/// As in the program's own package.
var settings: [SwiftSetting] {
  [
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
  ]
}
