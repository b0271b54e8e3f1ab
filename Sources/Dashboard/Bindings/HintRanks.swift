// Which hints a short line keeps, and where each one stands: what can be done about the present
// trouble goes before what could always be done.

import BatchModel
import Resilience

enum HintRanks {
  /// The keys for the hint line, the most important first, each with its place in the line.
  static func ranked(_ model: DashboardModel) -> [(place: Int, binding: Binding)] {
    let all = model.keyMap.bindings.filter { $0.applies(in: model.focus) }
    guard model.past == nil else { return rankedOfPast(all) }
    var ranked: [(rank: Int, place: Int, binding: Binding)] = []
    for (index, binding) in all.enumerated() where !binding.isOfPast {
      guard let rank = isWanted(binding.intent, model) ? wantedRank : binding.hint else { continue }
      ranked.append((rank * all.count + index, place(of: binding) * 1000 + index, binding))
    }
    return ranked.sorted { $0.rank < $1.rank }.map { ($0.place, $0.binding) }
  }

  /// In the past its own keys come first, and none that could not work there.
  private static func rankedOfPast(_ all: [Binding]) -> [(place: Int, binding: Binding)] {
    let others = all.filter {
      $0.hint != nil && $0.group != .act && $0.group != .past && $0.intent != .mark
    }
    let kept = all.filter { $0.group == .past } + others.sorted { ($0.hint ?? 0) < ($1.hint ?? 0) }
    return kept.enumerated().map { ($0.offset, $0.element) }
  }

  /// After help, the way out and the palette, before everything else.
  private static let wantedRank = 3

  /// Whether a key is what a person needs in this state of the run.
  private static func isWanted(_ intent: Intent, _ model: DashboardModel) -> Bool {
    let hasFailed = (model.snapshot?.summary.counts.failed ?? 0) > 0
    switch intent {
    case .panel(.failures): return hasFailed && model.focus == .queue
    case .retry: return hasFailed && [.queue, .failures, .item].contains(model.focus)
    case .skip: return hasFailed && model.focus == .failures
    case .edit: return model.focus == .item && model.reasonAgainst(.edit) == nil
    case .accept, .sendBack: return model.focus == .item && model.reasonAgainst(intent) == nil
    case .raiseCap: return model.isCapNear || model.focus == .cost
    case .actions: return PanelID.gauges.contains(model.focus)
    case .doctorFix: return model.focus == .doctor && model.reasonAgainst(.doctorFix) == nil
    default: return false
    }
  }

  /// Looking at the left, acting at the right, and the way out at the end.
  private static func place(of binding: Binding) -> Int {
    switch (binding.intent, binding.group) {
    case (.help, _): 0
    case (.palette, _): 1
    case (_, .find): 2
    case (_, .select): 3
    case (_, .view): 4
    case (_, .move): 5
    case (_, .act): 6
    case (_, .past): 7
    case (_, .out), (_, .other): 8
    }
  }
}

extension DashboardModel {
  /// The cap holds the run up, or is going to soon.
  var isCapNear: Bool {
    guard let budget = snapshot?.budget, snapshot?.summary.state != .finished else { return false }
    if budget.isLatched { return true }
    guard let cap = budget.cap, cap > .zero else { return false }
    return (budget.spent + budget.reserved).share(of: cap) >= 0.9 || isCapReachedSoon
  }

  /// Within the hour, at the present rate.
  var isCapReachedSoon: Bool {
    capReachedAt.map { now.duration(to: $0) < .seconds(3600) } ?? false
  }
}
