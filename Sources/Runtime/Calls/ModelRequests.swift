// From a step and an item to the calls of models that it may make, and what each may cost.

import BatchDefinition
import BatchModel
import Engine
import Providers
import Resilience

/// Writes calls of models.
struct ModelRequests: Sendable {
  /// Why a call cannot be written for this item.
  enum Mistake: Error, Hashable, CustomStringConvertible {
    case unknownPrice(model: String)
    case call(ModelCall.Mistake)

    var description: String {
      switch self {
      case .unknownPrice(let model):
        "\(model) has no known price: set prices.\(model), or billing: subscription"
      case .call(let mistake): mistake.message
      }
    }
  }

  /// What a model is told when its answer does not satisfy the schema, around the complaint.
  private static let complaintBytes = 2048

  let providers: [String: Provider]
  let prices: PriceTable
  let renderer: TemplateRenderer
  let learned = LearnedOutputs()

  init(_ batch: Batch, renderer: TemplateRenderer) {
    providers = batch.providers
    prices = batch.priceTable
    self.renderer = renderer
  }

  /// The models that are asked for this item, the one that comes next first.
  static func chain(of step: ModelStep, for item: ClaimedItem) -> [String] {
    if let model = item.overrides.model { return [model] }
    return Array(step.models.dropFirst(min(item.model, step.models.count - 1)))
  }

  /// The call of the model that comes next.
  func call(
    of step: Step, _ model: ModelStep, for item: ClaimedItem, key: IdempotencyKey,
    values: TemplateValues
  ) throws -> ModelCall {
    ModelCall(
      api: provider(of: model).modelAPI, model: Self.chain(of: model, for: item)[0],
      system: try model.system.map { try renderer.render($0, with: values) },
      turns: [
        ModelCall.Turn(
          .user,
          try item.overrides.prompt(ofStep: item.step)
            ?? step.prompt.map { try renderer.render($0, with: values) } ?? "")
      ],
      outputTokensMax: model.outputTokensMax,
      params: item.overrides.params(model.params, ofStep: item.step),
      answerSchema: model.schema?.document, cachesSystem: model.cache == .system,
      streams: model.streams,
      // Another try after a known end is another call; after a crash it is the same one.
      idempotencyKey: "\(key.digest.hex)-\(item.review?.round ?? 0)-\(item.model)-\(item.tries)")
  }

  /// What the call takes of its provider and of the budget.
  func demand(
    of call: ModelCall, _ step: Step, _ model: ModelStep, for item: ClaimedItem
  ) throws -> Demand {
    let provider = provider(of: model)
    let chain = Self.chain(of: model, for: item)
    let rate = RateDemand(of: call, learnedOutput: learned[step.id, call.model])
    return Demand(
      reservation: Reservation(
        provider: provider.name, model: call.model,
        worstCase: try worstCase(of: call, asked: 1 + model.reasks, billing: provider.billing),
        billing: provider.billing),
      rate: MultiDimensionalLimiter.Demand(
        requests: 1, inputTokens: rate.inputTokens, outputTokens: rate.outputTokens),
      hasNextModel: chain.count > 1,
      models: item.overrides.model == nil ? model.models : chain,
      warmth: call.cachesSystem ? "\(step.id) \(call.model)" : nil)
  }

  /// What stands for the model of a process until it says which one it asked.
  static let unknownModel = "unknown"

  /// What a process that calls a provider by itself takes; `nil` for a step that needs no permit.
  func demand(ofProcess step: Step) -> Demand? {
    guard let name = step.providerName, let provider = providers[name] ?? step.unnamedProvider
    else { return nil }
    return Demand(
      reservation: Reservation(
        provider: name, model: Self.unknownModel, worstCase: step.costMax ?? .zero,
        billing: provider.billing),
      // What it sends, nobody knows before it has: the limits are charged at its end.
      rate: MultiDimensionalLimiter.Demand(requests: 1), place: .process,
      isBounded: step.costMax != nil)
  }

  /// The most that a call can cost with all its re-asks: each repeats what went before it.
  private func worstCase(
    of call: ModelCall, asked times: Int, billing: Provider.Billing
  ) throws -> Money {
    let request: HTTPCall
    do throws(ModelCall.Mistake) {
      request = try HTTPCall(call)
    } catch {
      throw Mistake.call(error)
    }
    guard let price = prices[call.model].price else {
      guard billing == .subscription else { throw Mistake.unknownPrice(model: call.model) }
      return .zero
    }
    var bound = CallBound(of: call, as: request)
    var worst = Money.zero
    for _ in 0..<times {
      worst += price.worstCase(of: bound)
      bound.inputTokensMax += bound.outputTokensMax + Int64(Self.complaintBytes)
    }
    return worst
  }

  /// What one further call may cost, for a re-ask that must stay within its attempt's reservation.
  func worstCase(of call: ModelCall, billing: Provider.Billing) throws -> Money {
    try worstCase(of: call, asked: 1, billing: billing)
  }

  func provider(of step: ModelStep) -> Provider {
    guard let provider = providers[step.provider] else {
      preconditionFailure("a loaded definition has every provider that its steps name")
    }
    return provider
  }
}

extension Provider {
  /// The shape of its API; a command-line agent is never called by HTTP.
  var modelAPI: ModelAPI {
    switch api {
    case .anthropic: .anthropic
    case .openai, .cli: .openai
    case .openaiResponses: .openaiResponses
    }
  }
}
