// Any YAML or JSON text as a plain value: for scripts, which have no keywords of ours.

package import BatchModel

/// Reads YAML, of which JSON is a part.
package enum YAMLText {
  /// The document's value.
  ///
  /// - Parameter file: The name in messages.
  package static func value(of text: String, file: String) throws(DefinitionErrors) -> JSONValue {
    let log = MistakeLog(file: file)
    guard let root = DocumentReader.read(text, log: log), log.mistakes.isEmpty else {
      throw DefinitionErrors(log.mistakes)
    }
    return root.json
  }
}
