// SINK_UNREACHABLE: nobody answers where the events are to go. It is asked before the examination, which
// waits for nothing.

import BatchDefinition
import BatchModel
import Resilience

/// What a look at the sink showed.
package enum SinkLook: Hashable, Sendable {
  /// There is no sink, its key is not set, or nobody looked.
  case notAsked
  case answers
  /// Why not, in one sentence.
  case silent(String)
}

extension Doctor {
  /// The longest look: a doctor is not to be slower than what it examines.
  private static let lookMax = Duration.seconds(1)

  /// Asks the batch's sink how it is, once and for at most a second.
  package func lookAtSink() async -> SinkLook {
    // A definition that cannot be read is a check's finding.
    let definition = try? DefinitionFile.load(definitionPath, environment: host.environment)
    guard let sink = definition?.batch.events else { return .notAsked }
    if let variable = sink.keyVariable, (host.environment[variable] ?? "").isEmpty {
      return .notAsked
    }
    let mask = OutboxMask.make(host.environment, key: sink.keyVariable)
    do throws(SinkMistake) {
      let endpoint = try SinkEndpoint(sink, environment: host.environment, mask: mask)
      return await endpoint.illness(within: Self.lookMax).map { .silent($0) } ?? .answers
    } catch {
      return .silent(error.description)
    }
  }
}

extension DoctorCheck {
  static let sinkUnreachable = DoctorCheck(.sinkUnreachable) { examination in
    guard case .silent(let reason) = examination.sinkLook, let sink = examination.sink else {
      return []
    }
    return [
      Finding(
        .sinkUnreachable, .warning, sink.url, reason, .byHand,
        "start the sink or mend events.sink; the work goes on, and events wait in the ledger")
    ]
  }
}
