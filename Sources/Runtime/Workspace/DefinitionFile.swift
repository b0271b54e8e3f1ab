// The definition as a file: read with everything that it names.

package import BatchDefinition
import BatchModel
import Foundation

/// Why a definition's file cannot be read at all.
package enum DefinitionFileError: Error, Hashable, CustomStringConvertible {
  case missing(path: String)
  case notText(path: String)
  /// Parts of steps that are read and understood, and that no engine of this version carries out.
  case notYet(path: String, parts: [String])

  package var description: String {
    switch self {
    case .missing(let path): "\(path): no definition here; footplate init makes one"
    case .notText(let path): "\(path): not valid UTF-8 text"
    case .notYet(let path, let parts):
      "\(path): this version does not carry out \(parts.joined(separator: ", ")): leave it out"
    }
  }
}

/// Loads definitions from disk.
package enum DefinitionFile {
  /// The definition, with the operator's variables (`FOOTPLATE_…`) over it.
  ///
  /// - Throws: `DefinitionFileError`; `DefinitionErrors` or `EnvironmentErrors` with every mistake.
  package static func load(
    _ path: String, environment: [String: String] = ProcessInfo.processInfo.environment
  ) throws -> LoadedDefinition {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw DefinitionFileError.missing(path: path)
    }
    guard let text = String(data: data, encoding: .utf8) else {
      throw DefinitionFileError.notText(path: path)
    }
    let folder = (path as NSString).deletingLastPathComponent
    var definition = try DefinitionLoader.load(text: text, file: path) { name in
      try String(contentsOfFile: name.hasPrefix("/") ? name : "\(folder)/\(name)", encoding: .utf8)
    }
    let parts = definition.batch.steps.flatMap(\.partsNotCarriedOut)
    guard parts.isEmpty else { throw DefinitionFileError.notYet(path: path, parts: parts) }
    definition.batch = try definition.batch.overridden(by: environment)
    return definition
  }
}

extension Step {
  /// A bound or a workspace that is written down and does not hold would be worse than none.
  fileprivate var partsNotCarriedOut: [String] {
    var parts: [String] = []
    if workspace != .shared { parts.append("workspace of step \(id)") }
    if review != nil, case .llm = kind { parts.append("sends_back_to of the llm step \(id)") }
    return parts
  }
}
