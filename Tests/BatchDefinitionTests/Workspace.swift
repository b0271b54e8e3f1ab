// A folder that a test fills and that vanishes with it, and the shortest way to load a definition.

import BatchModel
import Foundation

@testable import BatchDefinition

/// A temporary folder.
final class Workspace {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.path + "/definition-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit {
    // A folder that cannot be removed is the system's to clean.
    try? FileManager.default.removeItem(atPath: path)
  }

  func write(_ name: String, _ text: String) throws { try write(name, Array(text.utf8)) }

  func write(_ name: String, _ bytes: [UInt8]) throws {
    let url = URL(fileURLWithPath: path + "/" + name)
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: url)
  }

  func link(_ name: String, to target: String) throws {
    try FileManager.default.createSymbolicLink(
      atPath: path + "/" + name, withDestinationPath: target)
  }
}

/// Why a file of a test does not exist.
struct NoSuchFile: Error, CustomStringConvertible {
  let description = "no such file"
}

/// Loads a text whose prompt and schema files are given.
func load(
  _ text: String, files: [String: String] = [:]
) throws(DefinitionErrors) -> LoadedDefinition {
  try DefinitionLoader.load(text: text, file: "footplate.yaml") { path in
    guard let content = files[path] else { throw NoSuchFile() }
    return content
  }
}

/// The mistakes of a text, one a line, or none.
func mistakes(_ text: String, files: [String: String] = [:]) -> [String] {
  do throws(DefinitionErrors) {
    _ = try load(text, files: files)
    return []
  } catch {
    return error.mistakes.map(\.description)
  }
}

/// A definition around one step's lines and the items.
func definition(items: String = "{lines: a.txt}", step: String = "", top: String = "") -> String {
  """
  name: test
  items: \(items)
  steps:
    - id: one
      run: [cat]
  \((step.isEmpty ? "output: out" : step).split(separator: "\n").map { "    " + $0 }.joined(separator: "\n"))
  \(top)
  """
}

/// Values of an item with these fields.
func values(
  _ payload: [String: JSONValue], fixed: [String: JSONValue] = [:],
  steps: [String: TemplateValues.StepResult] = [:], files: [String: String] = [:]
) -> TemplateValues {
  TemplateValues(payload: .object(payload), fixed: fixed, steps: steps) { path in
    guard let content = files[path] else { throw NoSuchFile() }
    return content
  }
}
