// Calls of models over HTTP: the one place where requests leave and answers come in.

import Glibc
import Providers

/// Makes calls; owns the connections.
///
/// Every call ends with a value: what fails is judged by `Classification`, and nothing is tried again
/// here, because the policies above count, wait and pay.
package final class ModelCaller: Sendable {
  private let options: Options
  private let proxies: ProxyRules
  private let clients: ClientTable
  private let gate = CallGate()
  private let clock: CallClock
  private let watch: CallWatch

  /// - Throws: what is wrong with the proxy variables or the file of certificates.
  package convenience init(_ options: Options) throws(Mistake) {
    try self.init(options, clock: .system)
  }

  init(_ options: Options, clock: CallClock) throws(Mistake) {
    proxies = try ProxyRules(options.environment)
    clients = ClientTable(try ClientSettings(options))
    self.options = options
    self.clock = clock
    watch = CallWatch(clock)
  }

  /// Makes one call.
  ///
  /// - Parameter onProgress: Called at most four times a second, on the task that reads the answer.
  /// - Note: Cancelling the task ends the call at once; what had been sent by then is charged.
  package func call(
    _ request: CallRequest, onProgress: @escaping @Sendable (CallProgress) -> Void = { _ in }
  ) async -> CallEnd {
    let start = clock.now()
    guard !Task.isCancelled, gate.enter() else { return Self.notMade }
    defer { gate.leave() }
    let route = proxies.route(to: request.server)
    guard let client = clients.client(for: route) else { return Self.notMade }
    let pulse = CallPulse(start: start, timeout: request.timeout, stall: request.stall)
    let exchange = CallExchange(
      request: request, client: client, isProxied: route != .direct,
      bodyBytesMax: options.bodyBytesMax, pulse: pulse, clock: clock, onProgress: onProgress)
    let (transcript, expiry) = await watch.perform(exchange, pulse)
    return end(of: request, transcript, expiry, start: start)
  }

  private static let notMade = CallEnd(
    result: .cancelled(charge: .nothing, partial: nil), took: .zero,
    log: ["not sent: cancelled before"])

  private func end(
    of request: CallRequest, _ transcript: CallTranscript, _ expiry: CallPulse.Expiry?,
    start: Duration
  ) -> CallEnd {
    let took = clock.now() - start
    let mask = KeyMask(request.key, for: request.http.api)
    let judge = Classification(
      api: request.http.api, now: WallClock.now, offset: WallClock.offset)
    var result = transcript.result(expiry: expiry, judge: judge)
    switch result {
    case .outcome(let outcome): result = .outcome(mask.masked(outcome))
    case .cancelled(let charge, let partial):
      result = .cancelled(charge: charge, partial: partial.map(mask.masked))
    }
    return CallEnd(
      result: result, took: took, firstTokenAfter: transcript.firstTokenAt.map { $0 - start },
      log: CallLog.lines(for: request, transcript, took: took, mask: mask))
  }

  /// What becomes of the calls under way.
  package enum Farewell: Hashable, Sendable {
    case waitForCalls, cancelCalls
  }

  /// Lets no new call begin, and closes the connections when the ones under way have ended.
  ///
  /// Calls that come later end as cancelled, with nothing charged.
  package func shutdown(_ farewell: Farewell) async {
    gate.close()
    if farewell == .waitForCalls { await gate.waitUntilEmpty() }
    clients.close()
    await gate.waitUntilEmpty()
  }
}
