// What the end of a process that spends says: its bill, its failure in its own words, and what its
// provider's limits and breaker learn from it.

import BatchModel
import Engine
import Executors
import Foundation
import Providers
import Resilience

/// Judges ended attempts of `run` and `agent` steps.
struct ProcessJudge: Sendable {
  /// A message is one line of at most so many bytes.
  private static let messageBytesMax = 300

  let prices: PriceTable
  let mask: SecretMask

  /// Judges an attempt, and mends its end where its process says more than its exit status.
  ///
  /// - Parameters:
  ///   - heard: `nil` for a step whose output tells nothing.
  ///   - reservation: What its attempt holds; `nil` for a step that needs no permit.
  /// - Returns: `nil` where nothing was started, or nothing is known and nothing was reserved.
  func judge(
    _ ended: inout Executors.AttemptReport, of step: Step, _ heard: AgentEar.Heard?,
    _ reservation: Reservation?
  ) -> CallReport? {
    guard ended.pid != nil, ended.outcome != .neverStarted else { return nil }
    let bill = bill(ended, heard)
    let sign = sign(of: &ended, of: step, heard)
    return report(bill, sign, reservation ?? step.unreserved(bill))
  }

  private func bill(
    _ ended: Executors.AttemptReport, _ heard: AgentEar.Heard?
  ) -> ProcessBill? {
    if let work = ended.agentWork { return ProcessBill(work.usage, prices: prices) }
    return heard.map { ProcessBill($0.report, prices: prices) }
  }

  private func report(
    _ bill: ProcessBill?, _ sign: CallReport.Sign, _ reservation: Reservation?
  ) -> CallReport? {
    guard let reservation else { return nil }
    let consumption = bill?.consumption(reservation) ?? Consumption(worstCaseOf: reservation)
    return CallReport(
      sign: sign, consumption: consumption,
      rate: MultiDimensionalLimiter.Demand(
        requests: 1, inputTokens: consumption.promptTokens, outputTokens: consumption.outputTokens))
  }

  /// What the attempt says about its provider; writes the agent's own words into the failure.
  private func sign(
    of ended: inout Executors.AttemptReport, of step: Step, _ heard: AgentEar.Heard?
  ) -> CallReport.Sign {
    guard ended.outcome != .interrupted else { return .neutral }
    // What a review says is about the work, also where it speaks of quotas.
    if ended.feedback != nil, step.review != nil { return .answered }
    guard heard != nil || step.providerName != nil else { return .neutral }
    let kind = ended.failure?.kind
    let report = heard?.report ?? AgentReport()
    // A hollow end is a clean one; a step that tells nothing is judged by its status alone.
    let exitedCleanly = kind == nil || kind == .hollow
    if exitedCleanly, heard == nil { return kind == nil ? .answered : .neutral }
    let words = [ended.failure?.message, ended.lastLine, heard?.tail].compactMap(\.self)
    let verdict = report.verdict(
      exitedCleanly: exitedCleanly, hasCandidate: ended.candidate != nil,
      outputTail: words.joined(separator: "\n"), now: .wallClock,
      offset: .seconds(TimeZone.current.secondsFromGMT()))
    switch verdict {
    case .done: return kind == nil ? .answered : .neutral
    case .hollow:
      if kind == nil, !report.isComplete { ended.fail(.hollow, Self.noReport) }
      return .neutral
    case .quota(let resetsAt):
      guard step.providerName != nil, Self.mayBeQuota(kind) else { return .neutral }
      ended.fail(.provider, line(report.failure ?? report.answer ?? words.last ?? ""))
      return .exhausted(until: resetsAt)
    case .failed(let own):
      return failed(&ended, own: own)
    }
  }

  private func failed(
    _ ended: inout Executors.AttemptReport, own: String
  ) -> CallReport.Sign {
    let words = own.isEmpty ? ended.failure?.message ?? "" : own
    switch ended.failure?.kind {
    case nil, .exit?, .agent?:
      guard OutageProse.isOutage(words) else {
        if !own.isEmpty { ended.fail(ended.failure?.kind ?? .agent, line(own)) }
        return .neutral
      }
      ended.fail(.provider, line(words))
      return .failed
    default: return .neutral
    }
  }

  private static let noReport =
    "exit 0, but no report of its work on standard output: does the command print what usage says?"

  /// What never ran, and what the disk did, is no quota whatever was said before.
  private static func mayBeQuota(_ kind: Failure.Class?) -> Bool {
    switch kind {
    case .notStarted?, .diskFull?, .input?, .publish?: false
    default: true
    }
  }

  private func line(_ text: String) -> String {
    let words = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    return mask.masked(
      String(decoding: words.utf8.prefix(Self.messageBytesMax), as: UTF8.self))
  }
}

extension Executors.AttemptReport {
  /// The attempt failed after all, or for another reason than its status says.
  fileprivate mutating func fail(_ kind: Failure.Class, _ message: String) {
    failure = Failure(
      kind: kind, status: kind == failure?.kind ? failure?.status ?? 0 : 0, message: message)
    outcome = .failed
    candidate = nil
  }
}

extension Step {
  /// Stands in for the reservation of an attempt that needed none and told what it used.
  fileprivate func unreserved(_ bill: ProcessBill?) -> Reservation? {
    guard let bill, bill.cost != nil || bill.usage != nil else { return nil }
    return Reservation(
      provider: provider ?? unnamedProviderName, model: ModelRequests.unknownModel,
      worstCase: .zero)
  }
}
