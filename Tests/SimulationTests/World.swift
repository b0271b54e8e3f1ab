// The outside of a simulated engine: files, processes and their outcomes, all from one seed.

import BatchModel
import Engine
import Resilience

/// What a crash does not undo: published files, sealed objects, and what commands did.
struct World {
  /// Path to content.
  var files: [String: Digest] = [:]
  /// How often the command of an item's step was started, by `item/step`.
  var executions: [String: Int] = [:]
  /// Staging folders: attempts for which a process was started.
  var launched: Set<AttemptID> = []
  /// How likely an attempt fails, in percent.
  let failurePercent: Int
  /// How likely a check says no, in percent.
  let rejectionPercent: Int

  static func name(_ item: ClaimedItem) -> String { "\(item.key)/\(item.step)" }
  static func target(_ item: ClaimedItem) -> String { "out/\(item.key)-\(item.step)" }

  static func key(_ item: ClaimedItem) -> StepKey {
    StepKey(components: [
      KeyComponent(name: "payload", half: .input, digest: Digest(of: name(item)))
    ])
  }

  mutating func execute(_ order: LaunchOrder) {
    executions[Self.name(order.item), default: 0] += 1
    launched.insert(order.attempt)
  }

  func report(
    _ order: LaunchOrder, using random: inout some RandomNumberGenerator
  ) -> AttemptReport {
    let usage = ProcessUsage(elapsedMilliseconds: 5, outputBytes: 0)
    guard Int.random(in: 0..<100, using: &random) >= failurePercent else {
      let kinds: [Failure.Class] = [.exit, .signal, .timeout, .hollow, .notStarted]
      let kind = kinds[Int.random(in: 0..<kinds.count, using: &random)]
      let failure = Failure(kind: kind, status: 1, message: "bad \(order.attempt)")
      return AttemptReport(end: .failed(failure), usage: usage)
    }
    let digest = Digest(of: "result of attempt \(order.attempt)")
    return AttemptReport(
      end: .succeeded(candidate: SealedObject(digest: digest, sizeBytes: 1)), usage: usage)
  }

  func check(
    _ order: CheckOrder, using random: inout some RandomNumberGenerator
  ) -> CheckReport {
    guard let candidate = order.candidate else { return CheckReport(intents: []) }
    let path = Self.target(order.item)
    let intent = PublishIntent(
      path: path, object: candidate, replaces: files[path].map(TargetContent.file) ?? .absent)
    let isRejected =
      !order.isAccepted && Int.random(in: 0..<100, using: &random) < rejectionPercent
    return CheckReport(failures: isRejected ? ["lint: too long"] : [], intents: [intent])
  }

  mutating func publish(_ intents: [PublishIntent]) -> PublishReport {
    for intent in intents {
      let found = files[intent.path].map(TargetContent.file) ?? .absent
      guard found == intent.replaces || found == .file(intent.object.digest) else {
        return .refused(Failure(kind: .targetChanged, message: intent.path))
      }
      files[intent.path] = intent.object.digest
    }
    return .published(intents.map { Artifact(path: $0.path, object: $0.object) })
  }
}
