// What came of one call, and what is to be thought of it: pure, whatever brought the bytes.

import Providers

/// The response so far, and how the exchange ended.
struct CallTranscript: Sendable {
  enum Reply: Sendable {
    case none
    case whole(status: Int, HTTPHeaders, body: [UInt8])
    case stream(HTTPHeaders, AnswerAssembler)
  }

  enum Ending: Hashable, Sendable {
    /// The server ended the response.
    case complete
    case fault(TransportFault)
    /// Cut short by us.
    case interrupted
  }

  var reply = Reply.none
  var ending = Ending.complete
  var isSent = false
  var bytesReceived = 0
  var firstTokenAt: Duration?
  /// What the HTTP client said about the fault.
  var faultDetail: String?

  /// Nothing that still comes can change the answer.
  var isAnswerOver: Bool {
    if case .stream(_, let assembler) = reply { assembler.isOver } else { false }
  }

  var outputTokens: Int64 {
    if case .stream(_, let assembler) = reply { assembler.liveOutputTokens } else { 0 }
  }

  mutating func receive(_ chunk: [UInt8]) {
    bytesReceived += chunk.count
    switch reply {
    case .none: break
    case .whole(let status, let headers, var body):
      reply = .none  // else the append copies
      body += chunk
      reply = .whole(status: status, headers, body: body)
    case .stream(let headers, var assembler):
      reply = .none
      assembler.receive(chunk)
      reply = .stream(headers, assembler)
    }
  }

  /// The result of the call, `expiry` being why we cut it short, if we did and nobody else.
  func result(expiry: CallPulse.Expiry?, judge: Classification) -> CallEnd.Result {
    guard ending == .interrupted else {
      var fault: TransportFault?
      if case .fault(let found) = ending { fault = found }
      return .outcome(outcome(fault, judge))
    }
    if let expiry { return .outcome(outcome(fault(of: expiry), judge)) }
    if let settled = settled(judge) { return .outcome(settled) }
    var partial: ModelAnswer?
    if case .stream(_, let assembler) = reply, assembler.hasBegun {
      partial = assembler.answerSoFar
    }
    return .cancelled(charge: isSent ? .worstCase : .nothing, partial: partial)
  }

  private func fault(of expiry: CallPulse.Expiry) -> TransportFault? {
    // Before it was sent a call costs nothing, whatever took so long.
    guard isSent else { return .connectTimedOut }
    switch expiry {
    case .timedOut: return .timedOut
    case .stalled: return .stalled
    case .lingered: return nil
    }
  }

  /// The outcome that stands although the exchange was cut short: a refusal costs nothing, and a whole
  /// answer is paid for.
  private func settled(_ judge: Classification) -> CallOutcome? {
    switch reply {
    case .whole(let status, _, _) where status != 200: return outcome(nil, judge)
    case .stream(_, let assembler):
      if case .broken = assembler.end { return nil }
      return outcome(nil, judge)
    default: return nil
    }
  }

  private func outcome(_ fault: TransportFault?, _ judge: Classification) -> CallOutcome {
    switch reply {
    case .none: return judge.outcome(of: fault ?? .closedAfterSending)
    case .stream(let headers, let assembler):
      return judge.outcome(of: assembler, headers: headers, fault: fault)
    case .whole(let status, let headers, let body):
      if status == 200, Self.beginsAsEvents(body) {
        var assembler = AnswerAssembler(api: judge.api)
        assembler.receive(body)
        return judge.outcome(of: assembler, headers: headers, fault: fault)
      }
      // A status other than 200 says what it says, also with half a body.
      guard status == 200, let fault else {
        return judge.outcome(status: status, headers: headers, body: body)
      }
      var outcome = judge.outcome(of: fault)
      outcome.status = status
      outcome.readings = RateHeaders.readings(in: headers, api: judge.api, now: judge.now)
      return outcome
    }
  }

  /// Some compatible servers stream events under another content type, or none.
  private static func beginsAsEvents(_ body: [UInt8]) -> Bool {
    body.starts(with: "data:".utf8) || body.starts(with: "event:".utf8)
  }
}
