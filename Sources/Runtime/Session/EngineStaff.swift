// Everything that carries out actions, put together for one engine.

import BatchDefinition
import BatchModel
import BatchStore
import DurableFiles
import Engine
import Executors
import Foundation
import ModelCalls
import Resilience

/// The services of one engine and the parts of them that others need.
struct EngineStaff {
  let services: EngineServices
  let files: WorkspaceFiles
  let executor: StepExecutor
  /// Connections to one provider; how many calls there are at once, the machine says.
  private static let connectionsMax = 1024

  init(
    run: RunID, epoch: Epoch, workspace: OpenWorkspace, definition: LoadedDefinition,
    queue: WriteQueue, renderer: TemplateRenderer, insistence: Insistence, slots: Int,
    snapshot: SnapshotManifest?, refusedCommits: Set<String>,
    mailbox: Mailbox<LoopMessage>, gauges: GaugeBoard, clock: @escaping @Sendable () -> Instant,
    news: @escaping @Sendable (SessionNews) -> Void
  ) throws {
    let layout = workspace.layout
    let objects = workspace.objects
    let steps = definition.batch.steps
    let reader = try SQLiteReader(path: layout.database)
    let pool = BlockingPool(threads: max(2, min(slots, 8)))
    let tellEnds: @Sendable () -> Void = { mailbox.nudge() }
    let processes = ProcessExecutor(slots: slots, onEnds: tellEnds)
    let mask = SecretMask(of: ProcessInfo.processInfo.environment)
    let environment = StepEnvironment(
      workspace: layout.root, inherited: ProcessInfo.processInfo.environment)
    executor = StepExecutor(
      processes: processes, pool: pool, objects: objects, environment: environment,
      folder: layout.root, runsFolder: layout.runs, mask: mask,
      onEnds: tellEnds)
    try executor.prepare(run)
    files = WorkspaceFiles(root: layout.root, store: reader, renderer: renderer)
    let requests = ModelRequests(definition.batch, renderer: renderer)
    let preparer = Preparer(
      steps: steps, store: reader, files: files, renderer: renderer, insistence: insistence,
      requests: requests, refusedCommits: refusedCommits, textFiles: definition.textFiles,
      hasObject: { objects.contains($0) }, objectPath: { objects.path(of: $0) })
    let calls = try Self.callService(
      run: run, definition: definition, requests: requests, preparer: preparer, mask: mask,
      logs: "\(layout.runs)/\(run)/logs", objects: objects, pool: pool, gauges: gauges)
    let hasAgents = steps.contains { step in
      if case .agent = step.kind { true } else { false }
    }
    let agents =
      hasAgents
      ? AgentPool(
        slots: slots, processes: processes, pool: pool, objects: objects,
        environment: environment, folder: layout.root, runsFolder: layout.runs, mask: mask,
        clock: clock, onEnds: tellEnds) : nil
    let isolation = Self.isolation(
      of: steps, layout, epoch, processes: processes, pool: pool, environment: environment,
      mask: mask,
      snapshot: snapshot)
    services = EngineServices(
      run: run, queue: queue, pool: pool,
      preparation: PreparationService(
        preparer: preparer, publisher: workspace.publisher, objects: objects, pool: pool),
      attempts: AttemptService(
        run: run, epoch: epoch, steps: steps, collects: definition.batch.collect != nil,
        preparer: preparer, renderer: renderer,
        files: files, executor: executor, processes: processes, calls: calls, agents: agents,
        isolation: isolation, snapshot: snapshot?.id,
        judge: ProcessJudge(prices: requests.prices, mask: mask), pool: pool,
        onEnds: tellEnds),
      publication: PublicationService(
        run: run, steps: steps, preparer: preparer, renderer: renderer,
        checks: CandidateChecks(
          run: run, epoch: epoch, stagingFolder: layout.staging(of: run), steps: steps,
          preparer: preparer, renderer: renderer,
          evaluation: CheckEvaluation(schemas: definition.schemas),
          runner: CheckRunner(
            processes: processes, pool: pool, environment: environment, folder: layout.root,
            runsFolder: layout.runs, mask: mask),
          objects: objects, publisher: workspace.publisher, pool: pool, isolation: isolation),
        objects: objects, publisher: workspace.publisher, store: reader, files: files,
        pool: pool),
      alarm: Alarm { mailbox.post(.event(.tick)) }, clock: clock, news: news)
  }

  /// `nil` when every step works in the definition's folder.
  private static func isolation(
    of steps: [Step], _ layout: WorkspaceLayout, _ epoch: Epoch, processes: ProcessExecutor,
    pool: BlockingPool,
    environment: StepEnvironment, mask: SecretMask, snapshot: SnapshotManifest?
  ) -> Isolation? {
    guard steps.contains(where: { $0.workspace != .shared }) else { return nil }
    let repository = WorkspaceRepository(
      layout: layout, processes: processes, pool: pool, environment: environment, mask: mask,
      epoch: epoch)
    return Isolation(
      worktrees: repository.worktrees, marks: repository.marks,
      workspaces: AttemptWorkspaces(
        worktrees: repository.worktrees, pool: pool, folder: layout.root,
        runsFolder: layout.runs), manifest: snapshot)
  }

  /// `nil` when no step calls a model.
  private static func callService(
    run: RunID, definition: LoadedDefinition, requests: ModelRequests, preparer: Preparer,
    mask: SecretMask, logs: String, objects: ObjectStore, pool: BlockingPool,
    gauges: GaugeBoard
  ) throws -> CallService? {
    let steps = definition.batch.steps
    let callsModels = steps.contains { step in
      if case .llm = step.kind { true } else { false }
    }
    guard callsModels else { return nil }
    let environment = ProcessInfo.processInfo.environment
    return CallService(
      run: run, steps: steps, requests: requests, preparer: preparer,
      caller: try ModelCaller(
        ModelCaller.Options(concurrent: Self.connectionsMax, environment: environment)),
      endpoints: try ProviderEndpoints(definition.batch, environment: environment),
      objects: ObjectGatherer(objects: objects, pool: pool),
      logs: logs, mask: mask, pool: pool, schemas: definition.schemas, gauges: gauges)
  }
}
