// swift-tools-version: 6.2
import PackageDescription

/// Apart from the program's package, so that nobody who builds that builds this.
///
///     swift run -c release --package-path Benchmarks/Resilience
let package = Package(
  name: "resilience-benchmark",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "footplate", path: "../..")],
  targets: [
    .target(name: "Allocations"),
    .executableTarget(
      name: "resilience-benchmark",
      dependencies: ["Allocations", .product(name: "Resilience", package: "footplate")],
      swiftSettings: [.treatAllWarnings(as: .error)]),
  ],
  swiftLanguageModes: [.v6]
)
