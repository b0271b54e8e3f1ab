// BREAKER_FORCED: a person holds a provider's circuit breaker, and it no longer decides by itself.

import BatchModel
import BatchStore
import Engine
import Foundation
import Resilience

extension DoctorCheck {
  static let breakerForced = DoctorCheck(.breakerForced) { examination in
    guard let store = examination.store else { return [] }
    return try store.providerStates().sorted { $0.key < $1.key }.compactMap { name, state in
      guard let force = state.breaker?.force else { return nil }
      let command = "footplate breaker \(name) close"
      return Finding(
        .breakerForced, force.severity, name, force.sentence,
        examination.isEngineLive ? .byHand : .deliberate,
        examination.isEngineLive
          ? command : "closes it and lets it decide again; with an engine: \(command)")
    }
  } fix: { findings, session in
    try session.backup.saveStore()
    return try session.withStore { store, _ in
      let states = try store.providerStates()
      guard let run = try store.runs(limit: 1).first?.run else { return [] }
      return try findings.compactMap { finding in
        guard var breaker = states[finding.subject]?.breaker else { return nil }
        let word = breaker.pull(.close, at: session.now)
        let moved = ProviderMoved(
          provider: finding.subject, to: word, why: "close by \(NSUserName()), through the doctor",
          state: ProviderState(breaker: breaker))
        try store.apply([.providerMoved(moved)], of: run, at: session.now)
        return "the breaker of \(finding.subject) decides by itself again"
      }
    }
  }
}

extension CircuitBreaker {
  /// What a person's lever does to calls; `nil` when the breaker decides by itself.
  fileprivate var force: (severity: Finding.Severity, sentence: String)? {
    switch state {
    case .isolated: (.warning, "its breaker is held open: nothing is asked of it")
    case .disabled: (.notice, "its breaker is held closed: it never trips, whatever fails")
    case .shadow: (.notice, "its breaker only watches: it rejects nothing")
    case .closed, .open, .halfOpen: nil
    }
  }
}
