// Everything that carries out actions, put together for one engine.

import BatchDefinition
import BatchModel
import BatchStore
import DurableFiles
import Engine
import Executors
import Foundation
import Resilience

/// The services of one engine and the parts of them that others need.
struct EngineStaff {
  let services: EngineServices
  let files: WorkspaceFiles
  let executor: StepExecutor

  init(
    run: RunID, epoch: Epoch, workspace: OpenWorkspace, definition: LoadedDefinition,
    queue: WriteQueue, renderer: TemplateRenderer, insistence: Insistence, slots: Int,
    mailbox: Mailbox<LoopMessage>, clock: @escaping @Sendable () -> Instant,
    news: @escaping @Sendable (SessionNews) -> Void
  ) throws {
    let layout = workspace.layout
    let objects = workspace.objects
    let steps = definition.batch.steps
    let reader = try SQLiteReader(path: layout.database)
    let pool = BlockingPool(threads: max(2, min(slots, 8)))
    let tellEnds: @Sendable () -> Void = { mailbox.nudge() }
    let processes = ProcessExecutor(slots: slots, onEnds: tellEnds)
    let mask = SecretMask(secrets: Secrets.values(in: ProcessInfo.processInfo.environment))
    let environment = StepEnvironment(
      workspace: layout.root, inherited: ProcessInfo.processInfo.environment)
    executor = StepExecutor(
      processes: processes, pool: pool, objects: objects, environment: environment,
      folder: layout.root, runsFolder: layout.runs, mask: mask,
      onEnds: tellEnds)
    try executor.prepare(run)
    files = WorkspaceFiles(root: layout.root, store: reader, renderer: renderer)
    let preparer = Preparer(
      steps: steps, store: reader, files: files, renderer: renderer, insistence: insistence,
      hasObject: { objects.contains($0) }, objectPath: { objects.path(of: $0) })
    services = EngineServices(
      run: run, queue: queue, pool: pool,
      preparation: PreparationService(
        preparer: preparer, publisher: workspace.publisher, pool: pool),
      attempts: AttemptService(
        run: run, epoch: epoch, steps: steps, collects: definition.batch.collect != nil,
        preparer: preparer, renderer: renderer,
        files: files, executor: executor, pool: pool, onEnds: tellEnds),
      publication: PublicationService(
        run: run, epoch: epoch, stagingFolder: layout.staging(of: run), steps: steps,
        preparer: preparer, renderer: renderer,
        evaluation: CheckEvaluation(schemas: definition.schemas),
        checks: CheckRunner(
          processes: processes, pool: pool, environment: environment, folder: layout.root,
          runsFolder: layout.runs, mask: mask),
        objects: objects, publisher: workspace.publisher, store: reader, files: files,
        pool: pool),
      alarm: Alarm { mailbox.post(.event(.tick)) }, clock: clock, news: news)
  }
}
