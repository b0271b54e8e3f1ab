// Whether a step runs: its key against the receipts. The engine and `plan` ask the same function.

package import BatchModel

/// How the artifacts of a receipt stand on disk.
package enum Standing: Hashable, Sendable {
  case intact
  /// Gone, and every one of them can be restored from its object.
  case restorable([String])
  /// Gone, and an object is gone too.
  case lost([String])
  /// Changed by a person since the receipt.
  case changed([String])
}

/// What becomes of a step.
package enum Decision: Hashable, Sendable {
  case run(why: String)
  case keep(SkipReason, Receipt, note: String)
  /// Restored from its objects, not bought again.
  case restore(SkipReason, Receipt, paths: [String])
}

/// What makes a step run although a receipt covers it.
package enum Insistence: Hashable, Sendable, Comparable {
  case none
  /// `--refresh`: an older recipe runs again.
  case refresh
  /// `--force`: everything runs again.
  case force
}

extension Decision {
  /// Decides over one step.
  ///
  /// - Parameters:
  ///   - exact: the newest receipt with this very key.
  ///   - latest: the newest receipt of this item and step, whatever its key.
  ///   - standing: how the artifacts of a receipt stand; asked at most once.
  package init(
    step: Step, key: StepKey, exact: Receipt?, latest: Receipt?, insistence: Insistence,
    standing: (Receipt) throws -> Standing
  ) rethrows {
    if insistence == .force {
      self = .run(why: "forced")
    } else if let exact {
      self = try Self.keep(.unchanged, exact, standing(exact))
    } else if let latest {
      self = try Self.compare(step, key, latest, insistence, standing)
    } else {
      self = .run(why: "new")
    }
  }

  private static func compare(
    _ step: Step, _ key: StepKey, _ latest: Receipt, _ insistence: Insistence,
    _ standing: (Receipt) throws -> Standing
  ) rethrows -> Decision {
    let changes = key.changes(since: latest.key)
    let inputChanged = changes.contains { $0.half == .input }
    let recipeCounts = insistence == .refresh || step.rerunOn.contains(.recipe)
    guard inputChanged || recipeCounts else {
      return try keep(.olderRecipe, latest, standing(latest))
    }
    return .run(why: changes.map(\.sentence).joined(separator: ", "))
  }

  private static func keep(_ reason: SkipReason, _ receipt: Receipt, _ standing: Standing)
    -> Decision
  {
    switch standing {
    case .intact: .keep(reason, receipt, note: "")
    case .changed(let paths):
      .keep(reason, receipt, note: "changed by hand: \(paths.joined(separator: ", "))")
    case .restorable(let paths): .restore(reason, receipt, paths: paths)
    case .lost(let paths):
      .run(why: "lost, and its object too: \(paths.joined(separator: ", "))")
    }
  }
}

extension KeyChange {
  /// `file Sources/A.swift changed`.
  package var sentence: String { "\(name) \(kind.rawValue)" }
}
