// MISSING_SECRET: the definition names a variable that holds a key, and it is not set here.

import BatchDefinition
import BatchModel
import Foundation

extension DoctorCheck {
  static let missingSecret = DoctorCheck(.missingSecret) { examination in
    // A definition that cannot be read is another check's finding.
    guard let batch = try? examination.definition.get().batch else { return [] }
    return batch.secrets.compactMap { secret in
      guard (examination.host.environment[secret.variable] ?? "").isEmpty else { return nil }
      return Finding(
        .missingSecret, secret.isNeeded ? .error : .warning, secret.variable,
        "\(secret.owner) takes its key from it, and it is not set", .byHand,
        "export \(secret.variable)=… before footplate run")
    }
  }
}

extension Batch {
  private typealias Secret = (variable: String, owner: String, isNeeded: Bool)

  /// The variables that hold keys: without a provider's nothing begins, without a sink's nothing is
  /// delivered.
  fileprivate var secrets: [(variable: String, owner: String, isNeeded: Bool)] {
    let called = Set(
      steps.compactMap { step -> String? in
        if case .llm(let model) = step.kind { model.provider } else { nil }
      })
    let own = called.sorted().compactMap { name -> Secret? in
      providers[name]?.keyVariable.map { ($0, "the provider \(name)", true) }
    }
    return own + (events?.keyVariable.map { [($0, "the sink of events", false)] } ?? [])
  }
}
