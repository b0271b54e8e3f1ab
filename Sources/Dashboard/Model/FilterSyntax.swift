// The filter's language: words that a person types, as the query that the store answers.

package import BatchModel

/// Reads `st:run|fail group:G-07 !text`.
package enum FilterSyntax {
  /// Why a filter cannot be used.
  package enum Problem: Error, Hashable, Sendable {
    case unknownState(String)
    case unknownGroup(String)
    case unsupported(String)
    case severalTexts
  }

  /// The words by which states are shown and filtered.
  package static func word(_ state: ItemState) -> String {
    switch state {
    case .queued: "queued"
    case .waiting: "wait"
    case .running: "run"
    case .done: "done"
    case .skipped: "skip"
    case .failed: "fail"
    case .cancelled: "cancel"
    }
  }

  /// The filter that `text` means; `groups` are the ones whose names may be used.
  package static func parse(_ text: String, groups: [FailureGroup]) throws(Problem) -> ItemFilter {
    var filter = ItemFilter()
    for part in text.split(separator: " ") {
      if let states = part.value(after: "st:") {
        filter.states = try self.states(states)
      } else if let name = part.value(after: "group:") {
        filter.signature = try signature(name, groups)
      } else if part.hasPrefix("step:") {
        throw .unsupported("step:")
      } else {
        guard filter.keyContains == nil else { throw .severalTexts }
        filter.isInverted = part.hasPrefix("!")
        let needle = filter.isInverted ? part.dropFirst() : part
        if !needle.isEmpty { filter.keyContains = String(needle) }
      }
    }
    return filter
  }

  private static func states(_ text: String) throws(Problem) -> [ItemState] {
    var states: [ItemState] = []
    for word in text.lowercased().split(separator: "|") {
      // A beginning is enough, and the store's own names are understood too.
      let state = ItemState.allCases.first {
        self.word($0).hasPrefix(word) || $0.rawValue.hasPrefix(word)
      }
      guard let state else { throw .unknownState(String(word)) }
      if !states.contains(state) { states.append(state) }
    }
    return states
  }

  private static func signature(
    _ name: String, _ groups: [FailureGroup]
  ) throws(Problem) -> Signature {
    let group = groups.first { $0.name.lowercased() == name.lowercased() }
    guard let group else { throw .unknownGroup(name) }
    return group.signature
  }
}

extension FilterSyntax.Problem: CustomStringConvertible {
  /// What is wrong and what would be right.
  package var description: String {
    switch self {
    case .unknownState(let word):
      "no state '\(word)': "
        + ItemState.allCases.map(FilterSyntax.word).joined(separator: " ")
    case .unknownGroup(let name): "no group '\(name)': panel 2 lists them"
    case .unsupported(let word): "'\(word)' cannot be filtered by yet: st: group: !text text"
    case .severalTexts: "one text at a time; a key's part may not contain blanks"
    }
  }
}

extension Substring {
  fileprivate func value(after prefix: String) -> String? {
    hasPrefix(prefix) ? String(dropFirst(prefix.count)) : nil
  }
}
