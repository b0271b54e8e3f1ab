// Responses other than 200: the table of statuses and the errors that go before it.

import BatchModel
import Resilience

extension Classification {
  /// The outcome of a response that is no 200.
  func judged(refusal status: Int, headers: HTTPHeaders, body: [UInt8]) -> CallOutcome {
    let advice = RetryAdvice(headers: headers, now: now)
    // A gateway's error page is no JSON; its status says enough.
    let value = body.count <= 1 << 20 ? try? JSONReader.value(of: body[...]) : nil
    let error = value.flatMap { ProviderError(in: $0) }
    let google = value.flatMap { GoogleQuota(in: $0) }
    if let error {
      return judged(error, status: status, advice: advice, google: google)
    }
    let found = verdict(ofStatus: status, advice: advice)
    return outcome(
      obeying(advice, found.verdict, status), found.code, Self.words(for: status, headers), status)
  }

  /// The outcome of a reported error; the names that it gives go before the status.
  func judged(
    _ error: ProviderError, status: Int, advice: RetryAdvice?, google: GoogleQuota?
  ) -> CallOutcome {
    let found = verdict(of: error, status: status, advice: advice, google: google)
    let message = error.message.isEmpty ? error.kind : error.message
    return outcome(obeying(advice, found.verdict, status), found.code, message, status)
  }

  private func verdict(
    of error: ProviderError, status: Int, advice: RetryAdvice?, google: GoogleQuota?
  ) -> (verdict: Verdict, code: String) {
    let notBefore = advice?.notBefore
    if google?.isPerDay == true {
      return (.quota(.usage, resetsAt: resetTime(in: error.message)), "quota-usage")
    }
    switch error.meaning {
    case .quota(let quota):
      let resetsAt = resetTime(in: error.message) ?? notBefore
      return (.quota(quota, resetsAt: resetsAt), "quota-\(quota.rawValue)")
    case .rateLimited:
      let delay = google?.retryDelay.map { now.advanced(by: $0) }
      return (.rateLimited(until: notBefore ?? delay), "rate-limited")
    case .overloaded:
      return (.retry(countsForBreaker: true, notBefore: notBefore), "overloaded")
    case .refusal: return (.refused, "refused")
    // 429 and 5xx mean what they say, whatever the error is called.
    case .stop(let reason) where Self.namesDecide(status):
      return (.stop(reason), reason.rawValue)
    case .timedOut where status == 200:
      return (.retry(countsForBreaker: true, notBefore: nil), "gateway-timeout")
    case .serverError where status == 200, .unknown where status == 200:
      return (.retry(countsForBreaker: true, notBefore: nil), "server-error")
    default: return verdict(ofStatus: status, advice: advice)
    }
  }

  /// Whether a refusal's name says more than the status does.
  private static func namesDecide(_ status: Int) -> Bool {
    status == 200 || (400..<500).contains(status) && ![408, 409, 429].contains(status)
  }

  /// The table of statuses alone.
  private func verdict(
    ofStatus status: Int, advice: RetryAdvice?
  ) -> (verdict: Verdict, code: String) {
    let notBefore = advice?.notBefore
    switch status {
    case 300..<400: return (.stop(.redirected), "redirected")
    case 401: return (.stop(.keyRefused), "key-refused")
    case 402: return (.quota(.credit, resetsAt: notBefore), "quota-credit")
    case 403: return (.stop(.forbidden), "forbidden")
    case 404: return (.stop(.notFound), "not-found")
    case 407: return (.stop(.forbidden), "proxy-refused")
    case 408: return (.retry(countsForBreaker: false, notBefore: notBefore), "request-timeout")
    case 409: return (.retry(countsForBreaker: false, notBefore: notBefore), "conflict")
    case 413: return (.stop(.tooLarge), "too-large")
    case 429: return (.rateLimited(until: notBefore), "rate-limited")
    case 400..<500: return (.stop(.badRequest), "bad-request")
    case 504, 524: return (.retry(countsForBreaker: true, notBefore: notBefore), "gateway-timeout")
    case 503, 529: return (.retry(countsForBreaker: true, notBefore: notBefore), "overloaded")
    case 500..<600: return (.retry(countsForBreaker: true, notBefore: notBefore), "server-error")
    default: return (.retry(countsForBreaker: true, notBefore: nil), "unexpected-status")
    }
  }

  /// `x-should-retry` goes before the table, as in the vendors' clients.
  private func obeying(_ advice: RetryAdvice?, _ verdict: Verdict, _ status: Int) -> Verdict {
    switch (advice?.shouldRetry, verdict) {
    case (false, .retry): .stop(.toldNotToRetry)
    // No retry of this request helps, so the limit is not one of the minute.
    case (false, .rateLimited(let until)): .quota(.usage, resetsAt: until)
    case (true, .stop) where status >= 400:
      .retry(countsForBreaker: false, notBefore: advice?.notBefore)
    default: verdict
    }
  }

  private func outcome(
    _ verdict: Verdict, _ code: String, _ message: String, _ status: Int
  ) -> CallOutcome {
    // A gateway that gave up waiting does not stop the model, whose work is billed; and below 300
    // nobody refused anything.
    let mayBeBilled = status == 504 || status == 524 || status < 300
    var code = code
    if case .stop(.toldNotToRetry) = verdict { code = Verdict.StopReason.toldNotToRetry.rawValue }
    return failure(verdict, mayBeBilled ? .worstCase : .nothing, code, message)
  }

  private func resetTime(in message: String) -> Instant? {
    QuotaProse(in: message, now: now, offset: offset)?.resetsAt
  }

  private static func words(for status: Int, _ headers: HTTPHeaders) -> String {
    switch status {
    case 300..<400:
      let target = headers["location"].map { String($0.prefix(120)) } ?? "another address"
      return "the server redirects to \(target): set base_url to the final address"
    case 407: return "the proxy wants a password: check HTTPS_PROXY"
    default:
      return headers.isWebPage
        ? "status \(status) with a web page instead of JSON" : "status \(status) without a reason"
    }
  }
}
