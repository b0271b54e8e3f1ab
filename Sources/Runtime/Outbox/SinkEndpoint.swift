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
    switch await poster.get(probe.path, timeout: probe.timeout) {
    case .status(200..<300, _, _): return nil
    case .status(let status, _, _): return "the sink's health check answers \(status)"
    case .fault(let message): return mask(message)
    case .cancelled: return "the health check was cancelled"
    }
  }
}
