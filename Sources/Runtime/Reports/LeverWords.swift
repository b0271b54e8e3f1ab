// What a person asked for, in the few words of a list.

import BatchModel
import Resilience

enum LeverWords {
  /// The words; `nil` for what a report tells in other ways: pauses, caps, notes, deliveries.
  ///
  /// - Parameter groups: their names by the text of their signature.
  static func text(of action: Request.Action, groups: [String: String]) -> String? {
    func name(_ signature: Signature) -> String { groups[signature.text] ?? signature.text }
    switch action {
    case .pause, .resume, .setCap, .note, .sync: return nil
    case .stop(let now): return now ? "stop now" : "stop"
    case .stopAt(let moment): return moment == nil ? "no stop at a time" : "stop at a time"
    case .reload: return "reload"
    case .breaker(let provider, let lever): return "breaker \(provider): \(lever.rawValue)"
    case .hold(let hold): return "hold \(hold)"
    case .release(let hold): return "release \(hold)"
    case .setParallel(let parallel):
      guard let parallel else { return "the definition's slots" }
      return "slots: run \(parallel.run), llm \(parallel.llm)"
    case .retryGroup(let signature, let canary, _):
      return "retry of \(name(signature)), \(canary) first"
    case .items(let action, let selector):
      let word = word(of: action)
      switch selector {
      case .failed: return "\(word) of all failed"
      case .group(let signature): return "\(word) of \(name(signature))"
      case .ids(let ids): return "\(word) of \(ids.count) \(ids.count == 1 ? "item" : "items")"
      }
    }
  }

  private static func word(of action: ItemAction) -> String {
    switch action {
    case .retry: "retry"
    case .skip: "skip"
    case .cancel: "cancel"
    case .accept: "acceptance"
    case .sendBack: "another round"
    }
  }
}
