// Triage: the retry of a group with a canary before it, and the word when a group is back.

import BatchModel
import Resilience

extension DashboardModel {
  /// So many items of a group are tried before the others.
  static let canarySize = 5

  /// A group's retry is asked about with what it is going to cost, and offered with a canary where
  /// there is more than that to retry.
  mutating func askToRetry(_ group: FailureGroup) -> [DashboardCommand] {
    let selector = ItemSelector.group(group.signature)
    let price = Wording.estimate(group.expectedCost(of: group.count))
    let all = Deed(
      .request(.items(.retry(fromStep: nil, overrides: Overrides()), selector)),
      name: Self.priced("retry \(group.name)'s \(Wording.items(group.count))", price))
    guard group.count > 1 else { return submit(all) }
    let allChoice = Sheet.Choice(
      key: "y", label: "all \(Wording.count(group.count))", deed: all)
    let isLarge = group.count > 1000
    var choices = [allChoice]
    if group.count > Self.canarySize {
      choices.insert(canaryChoice(of: group), at: isLarge ? 1 : 0)
    }
    overlay = .sheet(
      Sheet(
        question: "Retry \(group.name)'s \(Wording.items(group.count))?",
        lines: lines(about: group, price: price), choices: choices,
        countToType: isLarge ? group.count : nil))
    return []
  }

  private func canaryChoice(of group: FailureGroup) -> Sheet.Choice {
    let size = Self.canarySize
    let price = Wording.estimate(group.expectedCost(of: size))
    return Sheet.Choice(
      key: "c", label: "canary: \(size), the rest only if they pass",
      deed: Deed(
        .request(.retryGroup(group.signature, canary: size, Overrides())),
        name: Self.priced("retry \(size) of \(group.name)", price)))
  }

  /// `retry all 37 failed, about $0.71`.
  static func priced(_ name: String, _ price: String) -> String {
    price.isEmpty ? name : "\(name), \(price)"
  }

  private func lines(about group: FailureGroup, price: String) -> [String] {
    var lines = [group.signature.text, "for example \(group.sampleKey)"]
    if !price.isEmpty {
      let canary = Wording.estimate(group.expectedCost(of: Self.canarySize))
      lines.append(
        group.count > Self.canarySize
          ? "\(price) for all, \(canary) for a canary" : "\(price) if each costs what it did")
    }
    let advice = SuggestedAction(for: group.signature)
    if advice != .retry { lines.append("suggested: \(advice.sentence)") }
    if let canary = canary(of: group.signature) {
      lines.append("already under way: \(CanaryWording.sentence(canary))")
    }
    return lines
  }

  /// A group that was thought mended and fails again is said once, and loudly.
  mutating func noteReopened(since before: RunSnapshot?) {
    guard let before else { return }
    let known = Set(before.groups.filter(\.isReopened).map(\.signature))
    let back = groups.filter { $0.isReopened && !known.contains($0.signature) }
    guard let first = back.first else { return }
    let more = back.count > 1 ? " (and \(Wording.count(back.count - 1)) more)" : ""
    say("\(first.name) REOPENED\(more): \(first.signature.text)", isError: true)
  }
}

extension FailureGroup {
  /// What so many of its items cost if each costs what they have cost so far; `nil` when they cost
  /// nothing.
  func expectedCost(of items: Int) -> Money? {
    guard count > 0, cost > .zero else { return nil }
    let sum = Double(cost.picodollars) / Double(count) * Double(min(items, count))
    return Money(picodollars: Int64(min(sum, 9e18)))
  }
}
