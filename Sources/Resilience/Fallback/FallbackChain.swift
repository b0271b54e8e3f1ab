// Which model answers when the first does not in time; every move is on record.

/// A chain of models of which a time-out, and nothing else, calls the next.
///
/// Another error would meet the next model too, or is not a model's fault; moving on would hide it.
/// Each model gets a reservation of its own. Nothing moves silently: ``history`` goes on the receipt.
public struct FallbackChain<Model: Hashable & Sendable & Codable>: Hashable, Sendable, Codable {
  /// How a try of one model ended.
  public enum Outcome: String, Hashable, Sendable, Codable {
    /// It did not answer in time.
    case timedOut
    /// It answered.
    case answered
    /// It failed in another way.
    case failed
  }

  /// One try of one model.
  public struct Step: Hashable, Sendable, Codable {
    /// The model that was asked.
    public let model: Model
    /// How that ended.
    public let outcome: Outcome
  }

  /// What follows from a report.
  public enum Next: Hashable, Sendable {
    /// Ask this model next.
    case ask(Model)
    /// Stay with this model: whether it is tried again is the retry policy's decision.
    case stay(Model)
    /// The last model did not answer in time either; the history is the failure's text.
    case exhausted([Step])
  }

  /// The models, the preferred one first.
  public let models: [Model]
  /// What was tried, oldest first.
  public private(set) var history: [Step] = []
  private var position = 0

  /// Makes a chain that starts at `first`.
  public init(_ first: Model, then rest: [Model] = []) { models = [first] + rest }

  /// Reads a chain; one without a model is refused.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    models = try values.decode([Model].self, forKey: .models)
    history = try values.decode([Step].self, forKey: .history)
    position = try values.decode(Int.self, forKey: .position)
    guard models.indices.contains(position) else {
      throw DecodingError.dataCorruptedError(
        forKey: .position, in: values, debugDescription: "the chain has no such model")
    }
  }

  /// The model to ask now.
  public var current: Model { models[position] }

  /// The model that answered; `nil` as long as none did.
  public var answeredBy: Model? { history.last { $0.outcome == .answered }?.model }

  /// Reports how the current model's try ended.
  public mutating func report(_ outcome: Outcome) -> Next {
    history.append(Step(model: current, outcome: outcome))
    guard outcome == .timedOut else { return .stay(current) }
    guard position + 1 < models.count else { return .exhausted(history) }
    position += 1
    return .ask(current)
  }
}
