// The checks of one result: on the candidate's bytes, on what changed, and by commands on a copy of it
// or in a worktree of what the attempt left.

import BatchDefinition
import BatchModel
import DurableFiles
import Engine
import Executors

/// Runs the checks of results.
struct CandidateChecks: Sendable {
  let run: RunID
  let epoch: Epoch
  let stagingFolder: String
  let steps: [Step]
  let preparer: Preparer
  let renderer: TemplateRenderer
  let evaluation: CheckEvaluation
  let runner: CheckRunner
  let objects: ObjectStore
  let publisher: ArtifactPublisher
  let pool: BlockingPool
  /// `nil` when every step works in the definition's folder.
  let isolation: Isolation?
  /// A candidate above this is not read into memory for a check.
  private static let checkedBytesMax = 64 << 20

  /// A result with what its checks are rendered with, and where they run.
  private struct Subject {
    let order: Engine.CheckOrder
    let step: Step
    let values: TemplateValues
    /// `nil` is the definition's folder.
    var folder: String?
  }

  /// What the checks say against a result, in their order; under `strict` the first of it.
  func failures(
    of order: Engine.CheckOrder, _ values: TemplateValues
  ) async throws -> [String] {
    let step = steps[order.item.step]
    guard step.enforcement != .off, !order.isAccepted else { return [] }
    var subject = Subject(order: order, step: step, values: values)
    guard let isolation, let worktree = try await worktree(for: subject, isolation) else {
      return try await failures(of: subject)
    }
    subject.folder = worktree.folder
    do {
      let failures = try await failures(of: subject)
      try await isolation.worktrees.remove(worktree)
      return failures
    } catch {
      // The first error counts; what is left is swept at the next start.
      try? await isolation.worktrees.remove(worktree)
      throw error
    }
  }

  /// A worktree of what the attempt left, if a command is to judge it there.
  private func worktree(
    for subject: Subject, _ isolation: Isolation
  ) async throws -> Worktree? {
    let (order, step) = (subject.order, subject.step)
    guard case .worktree(let setup) = step.workspace, step.checks.contains(where: \.isCommand)
    else { return nil }
    let base: CommitID
    if let commit = order.commit.flatMap({ CommitID($0) }) {
      base = commit
    } else {
      let earlier = try preparer.lastCommit(of: order.item).flatMap { CommitID($0) }
      base = try await isolation.base(after: earlier)
    }
    let (values, renderer) = (subject.values, renderer)
    let invocation = try await pool.run { () throws -> ProcessOrder.Invocation? in
      try setup.map { .arguments(try renderer.arguments(of: $0, with: values)) }
    }
    return try await isolation.worktrees.make(
      WorktreeOrder(
        run: run, item: order.item, step: step.id, attempt: order.attempt, epoch: epoch,
        base: base, setup: invocation))
  }

  private func failures(of subject: Subject) async throws -> [String] {
    var failures: [String] = []
    for check in subject.step.checks {
      guard let message = try await failure(of: check, subject) else { continue }
      failures.append(message)
      if subject.step.enforcement == .strict { break }
    }
    return failures
  }

  /// What the check says against the result; `nil` when it passes.
  private func failure(of check: Check, _ subject: Subject) async throws -> String? {
    do {
      switch check.rule {
      case .changed:
        return try await pool.run { try sameness(of: subject) }.map { "\(check.name): \($0)" }
      case .run(let command): return try await failure(of: check.name, running: command, subject)
      case .nonempty, .regex, .jsonValid, .jsonSchema: break
      }
      guard let candidate = subject.order.candidate else {
        return "\(check.name): there is no candidate"
      }
      guard candidate.sizeBytes <= Self.checkedBytesMax else {
        return
          "\(check.name): the candidate's \(candidate.sizeBytes) bytes are too many to be checked"
      }
      let verdict = try await pool.run {
        evaluation.verdict(of: check.rule, on: try objects.bytes(of: candidate.digest))
      }
      if case .failed(let message)? = verdict { return "\(check.name): \(message)" }
      return nil
    } catch let error as FilesError where error.isDiskFull {
      throw error
    } catch {
      return "\(check.name): \(error)"
    }
  }

  /// Says that nothing changed; `nil` when something did.
  private func sameness(of subject: Subject) throws -> String? {
    if case .worktree = subject.step.workspace {
      return subject.order.commit == nil ? "nothing in the worktree was changed" : nil
    }
    guard let candidate = subject.order.candidate, let output = subject.step.output else {
      return "there is no candidate"
    }
    let path = try OutputPath.normalized(renderer.render(output, with: subject.values))
    let found = try publisher.currentContent(of: path)
    return found == .file(candidate.digest) ? "\(path) would stay what it is" : nil
  }

  private func failure(
    of name: String, running command: Command, _ subject: Subject
  ) async throws -> String? {
    let order = subject.order
    var values = subject.values
    var copy: CheckCopy?
    if let candidate = order.candidate {
      let made = CheckCopy(
        of: candidate, in: stagingFolder, attempt: order.attempt, epoch: epoch,
        name: try targetName(of: subject))
      values.fixed["candidate"] = .string(made.path)
      copy = made
    } else if subject.folder == nil {
      return "\(name): there is no candidate"
    }
    let (rendered, ownCopy) = (values, copy)
    let arguments = try await pool.run {
      try ownCopy?.create(from: objects)
      return try renderer.arguments(of: command, with: rendered)
    }
    let verdict = await runner.run(
      Executors.CheckOrder(
        name: name, run: run, attempt: order.attempt, epoch: epoch,
        invocation: .arguments(arguments), copy: copy, folder: subject.folder))
    try await pool.run { try ownCopy?.remove() }
    return switch verdict {
    case .passed: nil
    case .rejected(let failure): failure.message
    case .interrupted: "interrupted"
    }
  }

  /// The name that tools shall see: the target's own, or one with nothing to tell.
  private func targetName(of subject: Subject) throws -> String {
    guard let output = subject.step.output else { return "candidate" }
    let path = try renderer.render(output, with: subject.values)
    return path.split(separator: "/").last.map(String.init) ?? "candidate"
  }
}

extension Check {
  fileprivate var isCommand: Bool {
    if case .run = rule { true } else { false }
  }
}
