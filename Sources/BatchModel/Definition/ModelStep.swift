// What an `llm` step asks of a model; its prompt stands with every step's prompt in `Step`.

/// A call of a model's API.
package struct ModelStep: Hashable, Sendable, Codable {
  /// What the provider is asked to keep in its prompt cache.
  package enum Cache: String, Hashable, Sendable, Codable { case none, system }

  /// A schema that the answer must satisfy.
  package struct AnswerSchema: Hashable, Sendable, Codable {
    /// Relative to the definition's folder.
    package var path: String
    /// The schema itself, as the file said when the definition was read.
    package var document: JSONValue
    package init(path: String, document: JSONValue) {
      self.path = path
      self.document = document
    }
  }

  /// The name of one of the batch's providers.
  package var provider: String
  /// At least one: the model that is asked first, then those that a time-out falls back to.
  package var models: [String]
  package var system: Template?
  /// Always sent: without it the cost of a call has no bound.
  package var outputTokensMax: Int
  /// Whatever else the provider understands, merged into the request.
  package var params: [String: JSONValue]
  package var cache: Cache
  package var schema: AnswerSchema?
  /// How often an answer that does not satisfy the schema is asked for again, with the complaint.
  package var reasks: Int
  package var streams: Bool

  package init(
    provider: String, models: [String], system: Template? = nil, outputTokensMax: Int = 4096,
    params: [String: JSONValue] = [:], cache: Cache = .none, schema: AnswerSchema? = nil,
    reasks: Int = 0, streams: Bool = true
  ) {
    precondition(!models.isEmpty, "a call asks a model")
    self.provider = provider
    self.models = models
    self.system = system
    self.outputTokensMax = outputTokensMax
    self.params = params
    self.cache = cache
    self.schema = schema
    self.reasks = reasks
    self.streams = streams
  }
}
