// The filter's language: words that a person types, as the query that the store answers.

package import BatchModel

/// Reads `st:run|fail step:write group:G-07 !text`; a text with signs of a pattern is one.
package enum FilterSyntax {
  /// Why a filter cannot be used.
  package enum Problem: Error, Hashable, Sendable {
    case unknownState(String)
    case unknownGroup(String)
    case unknownStep(String, among: [String])
    case noPattern(String)
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

  /// The filter that `text` means; the groups and steps are those whose names may be used.
  package static func parse(
    _ text: String, groups: [FailureGroup], steps: [String]
  ) throws(Problem) -> ItemFilter {
    var filter = ItemFilter()
    for part in text.split(separator: " ") {
      if let states = part.value(after: "st:") {
        filter.states = try self.states(states)
      } else if let name = part.value(after: "group:") {
        filter.signature = try signature(name, groups)
      } else if let name = part.value(after: "step:") {
        filter.step = try step(name, steps)
      } else {
        guard filter.keyContains == nil, filter.keyMatches == nil else { throw .severalTexts }
        filter.isInverted = part.hasPrefix("!")
        let needle = filter.isInverted ? part.dropFirst() : part
        if isPattern(needle) {
          filter.keyMatches = try pattern(needle)
        } else if !needle.isEmpty {
          filter.keyContains = String(needle)
        }
      }
    }
    return filter
  }

  /// A point is in most names, and means nearly the same.
  private static func isPattern(_ text: Substring) -> Bool {
    text.contains { "[](){}|*+?^$\\".contains($0) }
  }

  private static func pattern(_ text: Substring) throws(Problem) -> String {
    guard (try? Regex(String(text))) != nil else { throw .noPattern(String(text)) }
    return String(text)
  }

  private static func step(_ name: String, _ steps: [String]) throws(Problem) -> Int {
    let exact = steps.firstIndex { $0.lowercased() == name.lowercased() }
    let beginning = steps.firstIndex { $0.lowercased().hasPrefix(name.lowercased()) }
    guard let index = exact ?? beginning else { throw .unknownStep(name, among: steps) }
    return index
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
    case .unknownStep(let name, let steps):
      "no step '\(name)': \(steps.joined(separator: " "))"
    case .noPattern(let text):
      "'\(text)' is no regular expression; a \\ before a sign takes it as it is"
    case .severalTexts: "one text at a time; a key's part may not contain blanks"
    }
  }
}

extension Substring {
  fileprivate func value(after prefix: String) -> String? {
    hasPrefix(prefix) ? String(dropFirst(prefix.count)) : nil
  }
}
