// Calls of models: from checked values to the model, and what a provider or the budget would refuse.

import BatchModel
import Providers

extension BatchDecoder {
  func modelStep(_ group: CheckedGroup, in scope: VariableScope) -> ModelStep? {
    let provider = group["provider"].flatMap(answering)
    let chain = [group["model"]].compactMap { $0 } + (group["fallback"]?.elements ?? [])
    noteRepeats(in: chain)
    if let provider { for model in chain { notePrice(of: model, at: provider) } }
    let system = group["system"].flatMap { prompt($0, name: "system prompt", in: scope) }
    let schema = group["schema"].flatMap(answerSchema)
    if let provider, let params = group["params"] { note(params, refusedBy: provider) }
    noteContradictions(group)
    guard let provider, group["model"] != nil, let outputTokensMax = group["max_tokens"]?.integer,
      let cache = group["cache"]?.text.flatMap(ModelStep.Cache.init),
      let reasks = group["reask"]?.integer, let streams = group["stream"]?.flag
    else { return nil }
    return ModelStep(
      provider: provider.name, models: chain.compactMap(\.text), system: system,
      outputTokensMax: outputTokensMax, params: group["params"]?.members ?? [:], cache: cache,
      schema: schema, reasks: reasks, streams: streams)
  }

  /// The provider of an `llm` step: one that has an API.
  private func answering(_ value: CheckedValue) -> Provider? {
    guard let provider = provider(named: value) else { return nil }
    guard provider.api == .cli else { return provider }
    log.note(
      value.position,
      "the provider \"\(provider.name)\" is a command-line one (api: cli), for run steps; expected "
        + "one with an API")
    return nil
  }

  private func noteRepeats(in chain: [CheckedValue]) {
    var seen: Set<String> = []
    for model in chain {
      guard let name = model.text, !seen.insert(name).inserted else { continue }
      log.note(
        model.position, "the model \"\(name)\" is asked already; expected another as fallback")
    }
  }

  private func answerSchema(_ value: CheckedValue) -> ModelStep.AnswerSchema? {
    guard let path = value.text else { return nil }
    readSchema(path, at: value.position)
    // A schema that was read has been parsed already.
    guard schemas[path] != nil, let text = try? content(of: path),
      let document = try? JSONReader.value(of: text)
    else { return nil }
    guard case .object = document else {
      log.note(
        value.position, "the schema \"\(path)\" is no object; providers expect {\"type\": …}")
      return nil
    }
    return ModelStep.AnswerSchema(path: path, document: document)
  }

  /// Each parameter that the call writes itself, and each whose bill has no bound.
  private func note(_ params: CheckedValue, refusedBy provider: Provider) {
    guard case .members(let members, let places) = params.content,
      let api = ModelAPI(rawValue: provider.api.rawValue)
    else { return }
    for name in members.keys.sorted() where ModelCall.reservedParams(of: api).contains(name) {
      log.note(
        places[name] ?? params.position, ModelCall.Mistake.reservedParam(name).message)
    }
    guard provider.billing == .metered else { return }
    var call = ModelCall(
      api: api, model: "", turns: [], outputTokensMax: 1, params: members, idempotencyKey: "")
    while let name = call.unboundedParam {
      call.params[name] = nil
      log.note(
        places[name] ?? params.position,
        "params may not set \(name) here: what such a call costs has no bound; expected it to be "
          + "removed, or a provider with billing: subscription")
    }
  }

  private func noteContradictions(_ group: CheckedGroup) {
    if let reask = group["reask"], reask.integer ?? 0 > 0, !group.given.contains("schema") {
      log.note(reask.position, "\"reask\" is only for a step with a \"schema\"; remove it")
    }
    if let cache = group["cache"], cache.text == "system", !group.given.contains("system") {
      log.note(
        cache.position, "cache is system, but there is no system prompt; expected a \"system\" key")
    }
    guard let prompt = group["prompt"], prompt.text?.trimmingWhitespace.isEmpty == true else {
      return
    }
    log.note(prompt.position, "the prompt is empty; expected a file or a text")
  }
}
