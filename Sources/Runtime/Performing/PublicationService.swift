// Checks of a sealed candidate, the intent to publish it, and its publication.

import BatchDefinition
import BatchModel
import BatchStore
import DurableFiles
import Engine
import Executors

/// Checks and publishes candidates.
struct PublicationService: Sendable {
  let run: RunID
  let steps: [Step]
  let preparer: Preparer
  let renderer: TemplateRenderer
  let checks: CandidateChecks
  let objects: ObjectStore
  let publisher: ArtifactPublisher
  let store: any StoreReading
  let files: WorkspaceFiles
  let pool: BlockingPool
  let targets = TargetOwners()

  /// Runs the step's checks and looks at the target.
  func check(_ order: Engine.CheckOrder) async throws(StoreError) -> CheckReport {
    let step = steps[order.item.step]
    var report = CheckReport(intents: [])
    do {
      let values = try await pool.run { () throws -> TemplateValues in try self.values(of: order) }
      report.failures = try await checks.failures(of: order, values)
      if step.enforcement == .strict, !report.failures.isEmpty { return report }
      let soFar = report
      return try await pool.run { () throws -> CheckReport in
        order.isHeld ? soFar : try targets(of: step, order, values, soFar)
      }
    } catch let error as StoreError {
      throw error
    } catch let error as FilesError {
      report.refusal = Failure(of: error, otherwise: .publish)
      return report
    } catch let error as GitError {
      report.refusal = Failure(of: error)
      return report
    } catch {
      report.refusal = Failure(kind: .publish, message: "\(error)")
      return report
    }
  }

  /// Puts the candidates in place; may be repeated after a crash.
  func publish(_ intents: [PublishIntent], overwrite: Bool) async -> PublishReport {
    await pool.run {
      var artifacts: [Artifact] = []
      for intent in intents {
        do throws(FilesError) {
          let outcome = try publisher.publish(intent, overwriting: overwrite)
          if case .targetChanged = outcome {
            return .refused(.targetChanged(intent.path))
          }
          files.note(intent.path, intent.object.digest)
          artifacts.append(Artifact(path: intent.path, object: intent.object))
        } catch {
          return .refused(Failure(of: error, otherwise: .publish))
        }
      }
      return .published(artifacts)
    }
  }

  private func values(of order: Engine.CheckOrder) throws -> TemplateValues {
    var values = try preparer.values(of: order.item)
    if let candidate = order.candidate {
      values.fixed["candidate"] = .string(objects.path(of: candidate.digest))
    }
    return values
  }

  /// The intents, those of the results that waited for this one first, or why there are none.
  private func targets(
    of step: Step, _ order: Engine.CheckOrder, _ values: TemplateValues, _ report: CheckReport
  ) throws -> CheckReport {
    var report = report
    for held in order.item.held where held.step < order.item.step {
      report = try target(
        of: steps[held.step], held.candidate, heldFrom: held.step, order, values, report)
      if report.refusal != nil { return report }
    }
    return try target(of: step, order.candidate, heldFrom: nil, order, values, report)
  }

  private func target(
    of step: Step, _ candidate: SealedObject?, heldFrom index: Int?, _ order: Engine.CheckOrder,
    _ values: TemplateValues, _ report: CheckReport
  ) throws -> CheckReport {
    guard let output = step.output, let candidate else { return report }
    let path = try OutputPath.normalized(renderer.render(output, with: values))
    var report = report
    if let other = try otherOwner(of: path, order.item) {
      report.refusal = .sharedTarget(path, with: other)
      return report
    }
    let found = try publisher.currentContent(of: path)
    report.intents.append(
      PublishIntent(path: path, object: candidate, replaces: found, step: index))
    guard case .file(let digest) = found, digest != candidate.digest else { return report }
    let last = try store.artifact(at: path)
    if last?.object.digest == digest { return report }
    if last != nil, !order.item.overrides.overwrite {
      report.refusal = .targetChanged(path)
    } else {
      // What no receipt knows, and what is overwritten by request, is replaced but never lost.
      _ = try publisher.keepStanding(at: path)
    }
    return report
  }
}

extension PublicationService {
  /// The key of another item that publishes at the path too.
  private func otherOwner(of path: String, _ item: ClaimedItem) throws -> String? {
    if let other = targets.take(path, for: item) { return other }
    guard let receipt = try store.owner(of: path, in: run),
      receipt.itemKey != item.key || receipt.occurrence != item.occurrence
    else { return nil }
    return receipt.itemKey
  }
}

extension Failure {
  static func sharedTarget(_ path: String, with other: String) -> Failure {
    Failure(
      kind: .publish,
      message: "\(path) is what the item \(other) publishes; "
        + "give every item an output of its own, such as one with {{ordinal}} or {{occurrence}}")
  }

  static func targetChanged(_ path: String) -> Failure {
    Failure(
      kind: .targetChanged,
      message: "\(path) was changed by hand since its receipt; "
        + "footplate review shows both: with --accept --force the result takes its place, "
        + "and the old form is kept")
  }
}
