// The providers of a simulated world: what they answer, and what they really bill.

import BatchModel
import Engine
import Resilience

/// What a crash does not undo: the bills.
struct Market {
  static let worst: Int64 = 1_000_000

  /// Everything that providers bill, whoever got to know of it.
  private(set) var billed = Money.zero
  /// Calls that were sent.
  private(set) var calls = 0
  private(set) var lostReplies = 0
  private var sent: [AttemptID: Reservation] = [:]
  /// How likely a call ends other than by an answer, in percent.
  let troublePercent: Int

  static func providers(using random: inout some RandomNumberGenerator) -> [Provider] {
    let limits = Provider.Limits(
      requestsPerMinute: Bool.random(using: &random) ? 8 : nil,
      concurrent: Bool.random(using: &random) ? 2 : nil)
    return [
      Provider(name: "acme", api: .openai, limits: limits), Provider(name: "bolt", api: .anthropic),
    ]
  }

  /// What the next call of an item may cost; the same for the same place in its work.
  static func demand(of item: ClaimedItem, using random: inout some RandomNumberGenerator)
    -> Demand
  {
    let models = ["large", "small"]
    let model = min(item.model, 1)
    return Demand(
      reservation: Reservation(
        provider: item.step == 0 ? "acme" : "bolt", model: models[model],
        worstCase: Money(picodollars: Int64.random(in: 1...worst, using: &random))),
      rate: MultiDimensionalLimiter.Demand(), hasNextModel: model == 0, models: models,
      warmth: item.step == 0 ? "system" : nil,
      // The later step is a process that calls by itself.
      place: item.step == 0 ? .call : .process)
  }

  /// The call goes out: from here on it is billed, whatever becomes of its reply.
  mutating func send(
    _ order: LaunchOrder, candidate: SealedObject, at now: Instant,
    using random: inout some RandomNumberGenerator
  ) -> AttemptReport {
    guard let reservation = order.reservation else { preconditionFailure("a call is reserved") }
    calls += 1
    sent[order.attempt] = reservation
    let isTrouble = Int.random(in: 0..<100, using: &random) < troublePercent
    guard isTrouble else {
      let bill = bill(reservation, using: &random)
      return report(
        .succeeded(candidate: candidate), .answered, charge(reservation, bill))
    }
    let later = now.advanced(by: .seconds(Int.random(in: 1...200, using: &random)))
    switch Int.random(in: 0..<6, using: &random) {
    case 0: return report(failed(.provider), .failed, nil)
    case 1:
      // The reply is lost: billed, and nobody knows how much.
      lostReplies += 1
      _ = bill(reservation, using: &random)
      return report(failed(.unknown), .failed, Consumption(worstCaseOf: reservation))
    case 2:
      _ = bill(reservation, using: &random)
      return report(failed(.timeout), .timedOut, Consumption(worstCaseOf: reservation))
    case 3: return report(failed(.provider), .rateLimited(until: later), nil)
    case 4: return report(failed(.provider), .exhausted(until: later), nil)
    default:
      let bill = bill(reservation, using: &random)
      return report(failed(.truncated), .answered, charge(reservation, bill))
    }
  }

  /// The report of a call that was killed; charged when it had been sent.
  func killed(_ attempt: AttemptID) -> AttemptReport {
    report(.killed, .neutral, sent[attempt].map(Consumption.init(worstCaseOf:)))
  }

  private mutating func bill(
    _ reservation: Reservation, using random: inout some RandomNumberGenerator
  ) -> Money {
    // Most bills are small against their bound; some reach it.
    let most = reservation.worstCase.picodollars
    let bill =
      Int64.random(in: 0...3, using: &random) == 0
      ? most : Int64.random(in: 0...most, using: &random)
    billed += Money(picodollars: bill)
    return Money(picodollars: bill)
  }

  private func charge(_ reservation: Reservation, _ bill: Money) -> Consumption {
    Consumption(
      provider: reservation.provider, model: reservation.model, inputTokens: 7, outputTokens: 11,
      cost: bill)
  }

  private func failed(_ kind: Failure.Class) -> AttemptReport.End {
    .failed(Failure(kind: kind, message: "trouble"))
  }

  private func report(
    _ end: AttemptReport.End, _ sign: CallReport.Sign, _ consumption: Consumption?
  ) -> AttemptReport {
    AttemptReport(
      end: end, usage: ProcessUsage(elapsedMilliseconds: 5, outputBytes: 0),
      call: CallReport(
        sign: sign, consumption: consumption, rate: MultiDimensionalLimiter.Demand()))
  }

  init(troublePercent: Int) { self.troublePercent = troublePercent }
}
