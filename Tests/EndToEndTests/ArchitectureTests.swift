// The shape of the program, held against its sources: which module may import which.

import Foundation
import Testing

@Suite("The architecture")
struct ArchitectureTests {
  /// What each module may import of ours; the package manager's own check misses imports that reach
  /// a module through another.
  private static let allowed: [String: Set<String>] = [
    "Resilience": [],
    "BatchModel": ["Resilience", "CCrypto"],
    "Engine": ["BatchModel", "Resilience"],
    "Providers": ["BatchModel", "Resilience"],
    "ModelCalls": ["Providers", "Resilience"],
    "MockProvider": ["BatchModel", "Providers", "Resilience"],
    "BatchDefinition": ["BatchModel", "Providers", "Resilience"],
    "MockAgent": ["BatchModel", "Resilience"],
    "BatchStore": ["BatchModel", "Resilience"],
    "DurableFiles": ["BatchModel", "Resilience", "CSpawn"],
    "Executors": ["BatchModel", "Resilience", "CSpawn", "DurableFiles"],
    "Runtime": [
      "BatchDefinition", "BatchModel", "BatchStore", "CSpawn", "DurableFiles", "Engine",
      "Executors", "ModelCalls", "Outbox", "Providers", "Resilience", "Tracking",
    ],
    "Tracking": ["BatchModel", "DurableFiles", "Resilience"],
    "footplate-track": ["Canvas", "Tracking"],
    "Outbox": ["BatchModel", "Resilience"],
    "Canvas": [],
    "Dashboard": ["Canvas", "BatchModel", "Resilience"],
    "NcursesTerminal": ["Canvas", "CNcurses"],
  ]

  /// Modules in which everything is a value: no clock, no file, no thread of their own.
  private static let pure = ["Resilience", "Engine", "Outbox", "Providers", "Canvas", "Dashboard"]

  private static let sources = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Sources")

  @Test("lets each module import only what stands below it", arguments: allowed.keys.sorted())
  func imports(module: String) throws {
    let ours = Set(Self.allowed.keys).union(["CCrypto", "CNcurses", "CSpawn", "footplate"])
    let found = try Self.imports(of: module).intersection(ours)
    #expect(found.subtracting(Self.allowed[module] ?? []) == [])
  }

  @Test("keeps clocks, files and processes out of what is pure", arguments: pure)
  func purity(module: String) throws {
    #expect(try Self.imports(of: module).isDisjoint(with: ["Foundation", "Glibc", "Dispatch"]))
    for source in try Self.texts(of: module) {
      for word in ["SystemRandomNumberGenerator", "ContinuousClock", "Task.sleep", "Date()"] {
        #expect(!source.contains(word), "\(module) uses \(word)")
      }
    }
  }

  /// What the program is made of that hooks wait for.
  private static let light = [
    "Resilience", "BatchModel", "DurableFiles", "Canvas", "Tracking", "footplate-track",
  ]

  @Test("keeps Foundation, which takes longer to start than a hook may", arguments: light)
  func lightness(module: String) throws {
    #expect(try !Self.imports(of: module).contains("Foundation"))
  }

  private static func imports(of module: String) throws -> Set<String> {
    var found: Set<String> = []
    for source in try texts(of: module) {
      for match in source.matches(
        of: /(?m)^(?:package |public |internal |private )?import ([A-Za-z]+)/)
      {
        found.insert(String(match.1))
      }
    }
    return found
  }

  private static func texts(of module: String) throws -> [String] {
    let folder = sources.appendingPathComponent(module)
    let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
    let paths = (files?.allObjects ?? []).compactMap { $0 as? URL }
      .filter { $0.pathExtension == "swift" }
    #expect(!paths.isEmpty, "\(module) has no sources")
    return try paths.map { try String(contentsOf: $0, encoding: .utf8) }
  }
}
