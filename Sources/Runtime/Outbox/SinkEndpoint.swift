// The sink of a batch as something that can be posted to: address and key are read once.

import BatchModel
import ModelCalls
import Outbox
import Providers
import Resilience

/// Why a batch's sink cannot be used.
struct SinkMistake: Error, Hashable, CustomStringConvertible {
  var description: String
}

/// A sink with its connections.
struct SinkEndpoint: Sendable {
  let sink: EventSink
  private let poster: SinkPoster
  private let mask: @Sendable (String) -> String

  /// - Parameter mask: for what the sink answers: servers echo what they are sent.
  /// - Throws: when the address cannot be called, or the key's variable holds none.
  init(
    _ sink: EventSink, environment: [String: String], mask: @escaping @Sendable (String) -> String
  ) throws(SinkMistake) {
    self.sink = sink
    self.mask = mask
    var key: APIKey?
    if let variable = sink.keyVariable {
      key = environment[variable].flatMap { APIKey($0) }
      guard key != nil else {
        throw SinkMistake(
          description: "events: \(variable) holds no key: export \(variable)=… and run again")
      }
    }
    let server: ServerAddress
    do throws(ServerAddress.Mistake) {
      server = try ServerAddress(sink.url)
    } catch {
      throw SinkMistake(description: "events: \(error.message)")
    }
    do throws(ModelCaller.Mistake) {
      poster = try SinkPoster(server: server, key: key, environment: environment)
    } catch {
      throw SinkMistake(description: "events: \(error.message)")
    }
  }

  /// Delivers a batch.
  func deliver(_ body: [UInt8]) async -> SinkAnswer {
    switch await poster.post(body, type: CloudEvents.contentType, timeout: sink.timeout) {
    case .status(let status, let wait, let reason):
      SinkAnswer(status: status, retryAfter: wait, reason: mask(reason))
    case .fault(let message): .failed(mask(message), retryAfter: nil)
    case .cancelled: .cancelled
    }
  }

  /// Asks how the sink is.
  ///
  /// - Returns: what ails it; `nil` for a sink that is well.
  func illness() async -> String? {
    guard let probe = sink.health else { return nil }
    return await illness(at: probe.path, timeout: probe.timeout) { (200..<300).contains($0) }
  }

  /// Asks how the sink is, also one without a health check: then any answer is a good one.
  func illness(within limit: Duration) async -> String? {
    guard let probe = sink.health else {
      return await illness(at: "/", timeout: limit) { _ in true }
    }
    return await illness(at: probe.path, timeout: min(limit, probe.timeout)) {
      (200..<300).contains($0)
    }
  }

  private func illness(
    at path: String, timeout: Duration, isWell: (Int) -> Bool
  ) async -> String? {
    switch await poster.get(path, timeout: timeout) {
    case .status(let status, _, _):
      isWell(status) ? nil : "the sink's health check answers \(status)"
    case .fault(let message): mask(message)
    case .cancelled: "the health check was cancelled"
    }
  }
}
