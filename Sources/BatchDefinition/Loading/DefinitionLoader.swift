// The way in: the text of footplate.yaml becomes a batch, or all of its mistakes.

package import BatchModel

/// A definition that was understood.
package struct LoadedDefinition: Sendable {
  /// What is carried out.
  package var batch: Batch
  /// The text as it stands, by which a run is known: a variable of the environment changes how a run
  /// is worked on, and does not begin another one.
  package var written: Batch
  /// The definition's own path, as messages show it.
  package var file: String
  /// Prompt and schema files that were read, in the order of the text, without repeats; a change of
  /// one is a change of the definition.
  package var readFiles: [String]
  /// What stood in them, by path.
  package var digests: [String: Digest]
  /// The schemas of `json-schema` checks, by path.
  package var schemas: [String: JSONSchema]
}

/// Loads definitions.
package enum DefinitionLoader {
  /// Reads, validates and completes a definition.
  ///
  /// - Parameters:
  ///   - text: The YAML text.
  ///   - file: The name that messages show.
  ///   - readFile: Reads a text file relative to the definition's folder; it throws with a reason
  ///     for a person. It is called for prompts and schemas.
  /// - Throws: Every mistake at once; show them and exit with status 2.
  package static func load(
    text: String, file: String, readFile: (String) throws -> String
  ) throws(DefinitionErrors) -> LoadedDefinition {
    let log = MistakeLog(file: file)
    guard let root = DocumentReader.read(text, log: log),
      let checked = Validator(log: log).group(root, Keywords.batch)
    else { throw log.errors ?? unexplained(file) }
    return try withoutActuallyEscaping(readFile) { readFile throws(DefinitionErrors) in
      let decoder = BatchDecoder(
        log: log, templates: TemplateReader(log: log, source: text), readFile: readFile)
      let batch = decoder.batch(checked)
      if let errors = log.errors { throw errors }
      guard let batch else { throw unexplained(file) }
      return LoadedDefinition(
        batch: batch, written: batch, file: file, readFiles: decoder.readFiles,
        digests: decoder.digests, schemas: decoder.schemas)
    }
  }

  /// The last resort, so that a refusal is never without a reason.
  private static func unexplained(_ file: String) -> DefinitionErrors {
    let start = Position(line: 1, column: 1)
    return DefinitionErrors([
      Mistake(file: file, position: start, message: "the definition cannot be read")
    ])
  }
}
