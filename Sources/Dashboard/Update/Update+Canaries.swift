// What became of a canary: a snapshot tells of those under way only, so their end is what is missing.

import BatchModel
import Resilience

extension DashboardModel {
  /// Says it when a canary ended by failing, and keeps that with its group.
  mutating func noteEndedCanaries(_ news: RunSnapshot) {
    let going = Set(news.canaries.map(\.signature))
    let before = failures.canaries
    failures.canaries = news.canaries
    failures.endedCanaries = failures.endedCanaries.filter { signature, ended in
      !going.contains(signature)
        && news.groups.contains { $0.signature == signature && $0.count >= max(1, ended.rest) }
    }
    for canary in before where !going.contains(canary.signature) {
      guard let group = news.groups.first(where: { $0.signature == canary.signature }),
        let ended = canary.failed(leaving: group)
      else { continue }
      failures.endedCanaries[canary.signature] = ended
      guard past == nil, frozenAt == nil else { continue }
      say(
        "canary of \(ended.name): \(Wording.count(ended.failed)) of \(Wording.count(ended.of)) "
          + "failed, \(Wording.count(ended.rest)) stay failed", isError: true)
    }
  }

  /// How the group's last canary failed, while its failures are from it.
  func endedCanary(of group: FailureGroup) -> CanaryFigures? {
    failures.endedCanaries[group.signature]
  }
}

extension CanaryFigures {
  /// What it came to if it failed, with the rest left where it is.
  ///
  /// The last that was seen of it may be older than its last failures: what stands failed in the
  /// group beyond the rest is theirs.
  fileprivate func failed(leaving group: FailureGroup) -> CanaryFigures? {
    guard group.count >= max(1, rest) else { return nil }
    var ended = self
    ended.failed = min(of, max(failed, group.count - rest))
    return ended.failed > 0 ? ended : nil
  }
}
