// Attempts of `llm` steps: the call, its re-asks, the sealed answer, and the bill.

import BatchDefinition
import BatchModel
import DurableFiles
import Engine
import Executors
import Foundation
import Glibc
import ModelCalls
import Providers
import Resilience
import Synchronization

/// Makes the calls of one engine.
///
/// *Concurrency*: a task for each call; file work goes to the pool.
final class CallService: Sendable {
  /// A call without a time-out of its own may take so long.
  private static let timeoutDefault = Duration.seconds(600)

  let run: RunID
  let steps: [Step]
  let requests: ModelRequests
  let preparer: Preparer
  let caller: ModelCaller
  let endpoints: ProviderEndpoints
  let objects: ObjectGatherer
  let logs: String
  let mask: SecretMask
  let pool: BlockingPool
  let schemas: [String: JSONSchema]
  let gauges: GaugeBoard
  private let health: ProbeHealth
  private let tasks = Mutex<[AttemptID: Task<Void, Never>]>([:])

  init(
    run: RunID, steps: [Step], requests: ModelRequests, preparer: Preparer, caller: ModelCaller,
    endpoints: ProviderEndpoints, objects: ObjectGatherer, logs: String, mask: SecretMask,
    pool: BlockingPool, schemas: [String: JSONSchema], gauges: GaugeBoard
  ) {
    self.run = run
    self.steps = steps
    self.requests = requests
    self.preparer = preparer
    self.caller = caller
    self.endpoints = endpoints
    self.objects = objects
    self.logs = logs
    self.mask = mask
    self.pool = pool
    self.schemas = schemas
    self.gauges = gauges
    health = ProbeHealth(endpoints: endpoints, caller: caller)
  }

  /// Starts a call; its end is reported, from any thread.
  func launch(
    _ order: LaunchOrder, of step: Step, _ model: ModelStep,
    report: @escaping @Sendable (Engine.AttemptReport) -> Void
  ) {
    tasks.withLock { tasks in
      tasks[order.attempt] = Task { [self] in
        report(await perform(order, step, model))
        forget(order.attempt)
      }
    }
  }

  private func forget(_ attempt: AttemptID) {
    tasks.withLock { tasks in tasks[attempt] = nil }
  }

  /// Ends the call; what was sent by then is charged.
  func kill(_ attempt: AttemptID) { tasks.withLock { $0[attempt] }?.cancel() }

  /// Ends all calls and closes the connections.
  func stop() async {
    for task in tasks.withLock({ Array($0.values) }) { task.cancel() }
    await caller.shutdown(.cancelCalls)
    for task in tasks.withLock({ Array($0.values) }) { await task.value }
  }

  private func perform(
    _ order: LaunchOrder, _ step: Step, _ model: ModelStep
  ) async -> Engine.AttemptReport {
    let start = ContinuousClock.now
    guard let reservation = order.reservation else {
      preconditionFailure("a call is ordered with its reservation")
    }
    var conversation: Conversation
    let request: CallRequest
    do {
      let call = try await pool.run { [self] () throws -> ModelCall in
        try requests.call(
          of: step, model, for: order.item, key: order.key.key,
          values: preparer.values(of: order.item))
      }
      conversation = Conversation(
        call: call, provider: requests.provider(of: model), reservation: reservation,
        price: requests.prices[call.model].price)
      request = try self.request(for: call, order, step, model)
    } catch {
      return Engine.AttemptReport(
        end: .failed(Failure(kind: .input, message: mask.masked("\(error)"))),
        usage: ProcessUsage(elapsedMilliseconds: 0, outputBytes: 0))
    }
    if order.isProbe, let illness = await health.illness(of: conversation.provider) {
      return notProbed(conversation.provider, illness, since: start)
    }
    let (gauges, provider) = (gauges, conversation.provider.name)
    defer { gauges.note(streamed: nil, by: order.attempt, from: provider) }
    var next = request
    for round in 0... {
      let end = await caller.call(next) { progress in
        gauges.note(streamed: progress.outputTokens, by: order.attempt, from: provider)
      }
      conversation.take(end)
      guard round < model.reasks, let complaint = complaint(about: conversation, model),
        let again = reask(&conversation, complaint, request)
      else { break }
      next = again
    }
    if let outcome = conversation.outcome, let tokens = outcome.answer?.usage.usage?.outputTokens {
      requests.learned.note(tokens, step: step.id, model: conversation.call.model)
    }
    return await report(on: conversation, order, step, model, since: start)
  }

  /// The end of a probe that was not sent: nothing is due, and the breaker opens again.
  private func notProbed(
    _ provider: Provider, _ illness: String, since start: ContinuousClock.Instant
  ) -> Engine.AttemptReport {
    let failure = Failure(
      kind: .provider, message: mask.masked("\(provider.name) is not well yet: \(illness)"))
    return Engine.AttemptReport(
      end: .failed(failure),
      usage: ProcessUsage(
        elapsedMilliseconds: start.duration(to: .now).nanosecondsClamped / 1_000_000,
        outputBytes: 0),
      call: CallReport(sign: .failed, consumption: nil, rate: MultiDimensionalLimiter.Demand()))
  }

  private func request(
    for call: ModelCall, _ order: LaunchOrder, _ step: Step, _ model: ModelStep
  ) throws -> CallRequest {
    let endpoint = endpoints[model.provider]
    let timeout = order.item.overrides.timeoutMilliseconds.map { Duration.milliseconds($0) }
    return CallRequest(
      http: try HTTPCall(call), server: endpoint.server, key: endpoint.key,
      timeout: timeout ?? step.timeout ?? Self.timeoutDefault, stall: step.stall)
  }

  // MARK: Structured answers

  /// What is wrong with an answer that has to satisfy a schema; `nil` when it does.
  private func complaint(about conversation: Conversation, _ model: ModelStep) -> String? {
    guard let schema = model.schema, let compiled = schemas[schema.path],
      let outcome = conversation.outcome, outcome.verdict == .answered, let answer = outcome.answer
    else { return nil }
    let evaluation = CheckEvaluation(schemas: [schema.path: compiled])
    let verdict = evaluation.verdict(of: .jsonSchema(schema.path), on: Array(answer.text.utf8))
    guard case .failed(let message)? = verdict else { return nil }
    return message
  }

  /// The same conversation with the answer and the complaint, if the reservation has room for it.
  private func reask(
    _ conversation: inout Conversation, _ complaint: String, _ first: CallRequest
  ) -> CallRequest? {
    guard let answer = conversation.outcome?.answer else { return nil }
    var call = conversation.call
    call.turns.append(ModelCall.Turn(.assistant, answer.text))
    call.turns.append(
      ModelCall.Turn(
        .user,
        "That answer does not satisfy the schema: \(complaint). Answer again, with JSON that does.")
    )
    call.idempotencyKey += "-again\(conversation.ends.count)"
    // What cannot be written or paid for is not asked: the answer then fails its schema.
    guard
      let worst = try? requests.worstCase(of: call, billing: conversation.provider.billing),
      conversation.cost + worst <= conversation.reservation.worstCase,
      let http = try? HTTPCall(call)
    else { return nil }
    conversation.call = call
    var request = first
    request.http = http
    return request
  }

  // MARK: The end

  private func report(
    on conversation: Conversation, _ order: LaunchOrder, _ step: Step, _ model: ModelStep,
    since start: ContinuousClock.Instant
  ) async -> Engine.AttemptReport {
    let text = conversation.outcome?.answer?.text ?? ""
    let usage = ProcessUsage(
      elapsedMilliseconds: start.duration(to: .now).nanosecondsClamped / 1_000_000,
      outputBytes: Int64(text.utf8.count))
    writeLog(of: conversation, order.attempt)
    let call = conversation.report(at: .wallClock)
    guard let outcome = conversation.outcome else {
      return Engine.AttemptReport(end: .killed, usage: usage, call: call)
    }
    if let failure = Failure(outcome, masked: mask.masked) {
      return Engine.AttemptReport(end: .failed(failure), usage: usage, call: call)
    }
    if let complaint = complaint(about: conversation, model) {
      let failure = Failure(
        kind: .check, message: mask.masked("the answer does not satisfy the schema: \(complaint)"))
      return Engine.AttemptReport(end: .failed(failure), usage: usage, call: call)
    }
    switch step.review.map({ _ in ReviewAnswer(text) }) {
    case nil, .passed?: break
    case .changes(let feedback)?:
      return Engine.AttemptReport(
        end: .sentBack(feedback: mask.masked(feedback)), usage: usage, call: call)
    case .unclear?:
      let failure = Failure(
        kind: .check, message: "the review's JSON has no \"pass\" that is true or false")
      return Engine.AttemptReport(end: .failed(failure), usage: usage, call: call)
    }
    do throws(FilesError) {
      let sealed = try await objects.put(Array(text.utf8))
      return Engine.AttemptReport(
        end: .succeeded(candidate: sealed), usage: usage, call: call)
    } catch {
      return Engine.AttemptReport(
        end: .failed(Failure(of: error, otherwise: .publish)), usage: usage, call: call)
    }
  }

  /// What was asked and what came: a log like any other's, and as little a promise as that.
  private func writeLog(of conversation: Conversation, _ attempt: AttemptID) {
    var lines = conversation.ends.flatMap(\.log)
    if let text = conversation.outcome?.answer?.text { lines.append(text) }
    let text = mask.masked(lines.joined(separator: "\n") + "\n")
    let path = "\(logs)/\(attempt).log"
    let number = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard number >= 0 else { return }
    defer { close(number) }
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let written = rest.withUnsafeBytes { write(number, $0.baseAddress, $0.count) }
      guard written > 0 else { return }
      rest = rest.dropFirst(written)
    }
  }
}
