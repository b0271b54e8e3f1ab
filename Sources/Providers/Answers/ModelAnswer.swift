// What a model answered, the same for every API and for streams and whole bodies.

package import BatchModel

/// A finished answer.
package struct ModelAnswer: Hashable, Sendable {
  package var text: String
  /// The model that answered, as the provider names it; may be a dated snapshot of what was asked.
  package var model: String?
  /// The provider's name for this answer.
  package var id: String?
  /// The provider's own word for why it stopped.
  package var stopReason: String?
  package var usage: UsageReading

  package init(
    text: String = "", model: String? = nil, id: String? = nil, stopReason: String? = nil,
    usage: UsageReading = .missing
  ) {
    self.text = text
    self.model = model
    self.id = id
    self.stopReason = stopReason
    self.usage = usage
  }
}

/// An error as a provider words it, in a body or in the middle of a stream.
package struct ProviderError: Hashable, Sendable {
  /// The narrowest name that the provider gives, such as `overloaded_error`; empty without one.
  ///
  /// Anthropic's type, OpenAI's code or else its type, Google's status.
  package var kind: String
  /// The second name, where a provider gives two (OpenAI's type beside the code).
  package var detail: String
  package var message: String

  package init(kind: String, detail: String = "", message: String) {
    self.kind = kind
    self.detail = detail
    self.message = message
  }

  /// The error in `body`, in any of the known forms; `nil` when it holds none.
  package init?(in body: JSONValue) {
    // Gemini's compatible server wraps its error in an array.
    if case .array(let values) = body, let first = values.first {
      self.init(in: first)
      return
    }
    switch body["error"] {
    case .string(let message)?: self.init(kind: "", message: message)
    case .object(let members)?:
      let names = [
        members["details"]?["error_code"]?.string, members["code"]?.string,
        members["status"]?.string, members["type"]?.string,
      ].compactMap(\.self).filter { !$0.isEmpty }
      self.init(
        kind: names.first ?? "", detail: names.dropFirst().first ?? "",
        message: members["message"]?.string ?? "")
    default: return nil
    }
  }
}

/// How an answer ended.
package enum AnswerEnd: Hashable, Sendable {
  case complete(ModelAnswer)
  /// Cut off by `max_tokens` or the model's context.
  case truncated(ModelAnswer)
  /// The model or a filter declined; the text is what it said instead.
  case refused(ModelAnswer)
  /// The provider reported an error, perhaps after a part of the answer.
  case failed(ProviderError, partial: ModelAnswer)
  /// The stream ended, or became unreadable, before the answer did.
  case broken(String, partial: ModelAnswer)
}
