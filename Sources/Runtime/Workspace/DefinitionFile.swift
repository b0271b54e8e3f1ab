// The definition as a file: read with everything that it names.

package import BatchDefinition
import BatchModel
import Foundation

/// Why a definition's file cannot be read at all.
package enum DefinitionFileError: Error, Hashable, CustomStringConvertible {
  case missing(path: String)
  case notText(path: String)

  package var description: String {
    switch self {
    case .missing(let path): "\(path): no definition here; footplate init makes one"
    case .notText(let path): "\(path): not valid UTF-8 text"
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
    definition.batch = try definition.batch.overridden(by: environment)
    return definition
  }
}
