// What is asked of a model, before it has the shape of any API.

package import BatchModel

/// One call of a model.
package struct ModelCall: Hashable, Sendable {
  /// One turn of the conversation.
  package struct Turn: Hashable, Sendable {
    package enum Role: String, Hashable, Sendable { case user, assistant }
    package var role: Role
    package var text: String
    package init(_ role: Role, _ text: String) {
      self.role = role
      self.text = text
    }
  }

  package var api: ModelAPI
  package var model: String
  package var system: String?
  /// At least one, the last of them the user's; a re-ask appends the answer and the complaint.
  package var turns: [Turn]
  /// Always sent: without it the cost of a call has no bound.
  package var outputTokensMax: Int
  /// Whatever else the definition says, merged into the body.
  package var params: [String: JSONValue]
  /// The JSON schema that the answer must satisfy.
  package var answerSchema: JSONValue?
  /// Asks the provider to keep the system prompt in its prompt cache.
  package var cachesSystem: Bool
  package var streams: Bool
  package var idempotencyKey: String

  package init(
    api: ModelAPI, model: String, system: String? = nil, turns: [Turn], outputTokensMax: Int,
    params: [String: JSONValue] = [:], answerSchema: JSONValue? = nil, cachesSystem: Bool = false,
    streams: Bool = true, idempotencyKey: String
  ) {
    self.api = api
    self.model = model
    self.system = system
    self.turns = turns
    self.outputTokensMax = outputTokensMax
    self.params = params
    self.answerSchema = answerSchema
    self.cachesSystem = cachesSystem
    self.streams = streams
    self.idempotencyKey = idempotencyKey
  }
}

extension ModelCall {
  /// Why a call cannot be written down; each is the definition's mistake, found before paying.
  package enum Mistake: Error, Hashable, Sendable {
    case emptyModel
    case noTurn
    case outputTokensMax(Int)
    /// A parameter that has a place of its own in the definition.
    case reservedParam(String)
    case badNumber(param: String)
    /// More than 255 characters, or characters that a header cannot carry.
    case idempotencyKey

    package var message: String {
      switch self {
      case .emptyModel: "the model has no name: set model"
      case .noTurn: "there is nothing to ask: the prompt is empty"
      case .outputTokensMax(let count): "max_tokens is \(count): give a number of at least 1"
      case .reservedParam(let name):
        "params may not set \(name): it has a key of its own in the llm step"
      case .badNumber(let name): "params.\(name) holds a number that JSON cannot carry"
      case .idempotencyKey: "an idempotency key has at most 255 printable ASCII characters"
      }
    }
  }
}
