// From how a call ended to what follows: status, headers, body and faults, judged in one place.

package import Resilience

/// Judges calls of one API.
package struct Classification: Sendable {
  package var api: ModelAPI
  /// When the end of the call was seen.
  package var now: Instant
  /// How far local clocks are ahead of UTC, for times that are told in words.
  package var offset: Duration

  package init(api: ModelAPI, now: Instant, offset: Duration = .zero) {
    self.api = api
    self.now = now
    self.offset = offset
  }

  /// The outcome of a response with a whole body.
  package func outcome(status: Int, headers: HTTPHeaders, body: [UInt8]) -> CallOutcome {
    guard status == 200 else {
      return finished(
        judged(refusal: status, headers: headers, body: body), status: status, headers: headers)
    }
    let end = AnswerReader.end(of: body, from: api)
    if case .broken = end, headers.isWebPage {
      let judged = unreadable("a web page instead of an answer: check base_url and the proxy")
      return finished(judged, status: status, headers: headers)
    }
    return outcome(of: end, hasBegun: true, headers: headers)
  }

  /// The outcome of a streamed answer after a 200, whether the stream ended or broke with `fault`.
  package func outcome(
    of stream: AnswerAssembler, headers: HTTPHeaders, fault: TransportFault? = nil
  ) -> CallOutcome {
    let end = stream.end
    guard let fault, case .broken(_, let partial) = end else {
      return outcome(of: end, hasBegun: stream.hasBegun, headers: headers)
    }
    var judged = stream.hasBegun ? broken(fault.message, partial) : outcome(of: fault)
    if fault == .timedOut || fault == .stalled {
      judged = outcome(of: fault)
      judged.answer = partial
    }
    return finished(judged, status: 200, headers: headers)
  }

  /// The outcome of a call without any response.
  package func outcome(of fault: TransportFault) -> CallOutcome {
    let charge: Charge = fault.mayHaveBeenReceived ? .worstCase : .nothing
    let verdict: Verdict
    switch fault {
    case .timedOut, .stalled: verdict = .fallBack
    case .certificateRefused: verdict = .stop(.certificate)
    case .closedAfterSending, .notHTTP, .bodyTooLarge: verdict = .unknownOutcome
    default: verdict = .retry(countsForBreaker: true, notBefore: nil)
    }
    return failure(verdict, charge, fault.code, fault.message)
  }

  private func outcome(of end: AnswerEnd, hasBegun: Bool, headers: HTTPHeaders) -> CallOutcome {
    let judged: CallOutcome
    switch end {
    case .complete(let answer):
      if answer.text.contains(where: { !$0.isWhitespace }) {
        judged = self.answer(.answered, answer, "", "")
      } else {
        let reason = answer.stopReason.map { " (it stopped with \($0))" } ?? ""
        judged = self.answer(.hollow, answer, "hollow", "the answer has no text\(reason)")
      }
    case .truncated(let answer):
      judged = self.answer(
        .truncated, answer, "truncated",
        "the answer was cut off (\(answer.stopReason ?? "length")): raise max_tokens")
    case .refused(let answer):
      judged = self.answer(
        .refused, answer, "refused", "the model declined (\(answer.stopReason ?? "refusal"))")
    case .failed(let error, let partial):
      judged = reported(error, partial: partial, hasBegun: hasBegun)
    case .broken(let reason, let partial):
      judged = hasBegun ? broken(reason, partial) : unreadable(reason)
    }
    return finished(judged, status: 200, headers: headers)
  }

  /// An error after a 200: once a piece of the answer has come the call is charged and not replayed.
  private func reported(
    _ error: ProviderError, partial: ModelAnswer, hasBegun: Bool
  ) -> CallOutcome {
    var outcome = judged(error, status: 200, advice: nil, google: nil)
    outcome.charge = hasBegun ? .worstCase : .nothing
    if !partial.text.isEmpty {
      outcome.verdict = .broken
      outcome.answer = partial
    }
    return outcome
  }

  private func broken(_ reason: String, _ partial: ModelAnswer) -> CallOutcome {
    var outcome = failure(.broken, .worstCase, "broken-answer", reason)
    outcome.answer = partial.text.isEmpty ? nil : partial
    return outcome
  }

  /// A 200 that is no answer at all, such as a gateway's page: it may have been billed.
  private func unreadable(_ reason: String) -> CallOutcome {
    failure(.retry(countsForBreaker: true, notBefore: nil), .worstCase, "unreadable", reason)
  }

  private func answer(
    _ verdict: Verdict, _ answer: ModelAnswer, _ code: String, _ message: String
  ) -> CallOutcome {
    let charge = answer.usage.usage.map { Charge.usage($0) } ?? .worstCase
    var outcome = failure(verdict, charge, code, message)
    outcome.answer = answer
    return outcome
  }

  func failure(
    _ verdict: Verdict, _ charge: Charge, _ code: String, _ message: String
  ) -> CallOutcome {
    CallOutcome(
      verdict: verdict, charge: charge, code: code, message: PlainMessage.line(message), status: 0,
      readings: [])
  }

  private func finished(
    _ outcome: CallOutcome, status: Int, headers: HTTPHeaders
  ) -> CallOutcome {
    var outcome = outcome
    outcome.status = status
    outcome.requestID = (headers["request-id"] ?? headers["x-request-id"]).map(PlainMessage.name)
    outcome.readings = RateHeaders.readings(in: headers, api: api, now: now)
    return outcome
  }
}
