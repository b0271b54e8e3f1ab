// The longer texts of an item, on demand: prompts, answers, what refused work would change.

import BatchModel
import BatchStore
import Dashboard
import DurableFiles
import Foundation
import Resilience
import Runtime

/// Reads texts of one run's items for the dashboard's tabs, from the run's store or from its past.
struct ItemTexts: Sendable {
  private static let answerBytesMax: Int64 = 4 << 20

  let layout: WorkspaceLayout
  let store: any StoreReading
  let run: RunID

  func text(of item: ItemID, _ tab: ItemTab) -> TabText {
    do {
      guard let detail = try store.detail(of: item) else {
        return TabText(lines: [], emptiness: "the item is gone")
      }
      switch tab {
      case .prompt: return try prompts(of: detail)
      case .answer: return try answers(of: detail)
      case .diff: return try difference(of: detail)
      case .log, .tries, .receipts, .why: return TabText(lines: [])
      }
    } catch {
      return TabText(lines: [], emptiness: "\(error)")
    }
  }

  /// The prompt of one step; `nil` when it has none, or none yet.
  func prompt(of item: ItemID, step: Int) -> String? {
    // What cannot be read has no prompt to edit; the tab says why.
    guard let detail = try? store.detail(of: item) else { return nil }
    let desk = try? PromptDesk(layout: layout, store: store, run: run)
    let prompt = desk?.prompts(of: detail).first { $0.step == step }
    return prompt.flatMap { $0.problem == nil ? $0.text : nil }
  }

  /// What of a step may be edited for one retry of an item.
  ///
  /// - Throws: `StoreError`.
  func editable(step: Int) throws -> Editable {
    let steps = try store.batch(of: run)?.steps ?? []
    guard steps.indices.contains(step) else { return Editable(hasPrompt: false, params: nil) }
    let params: [String: JSONValue]? =
      switch steps[step].kind {
      case .llm(let model): model.params
      case .agent(let agent): agent.params
      case .run: nil
      }
    return Editable(hasPrompt: steps[step].prompt != nil, params: params)
  }

  private func prompts(of detail: ItemDetail) throws -> TabText {
    let desk = try PromptDesk(layout: layout, store: store, run: run)
    let prompts = desk.prompts(of: detail)
    let lines = prompts.flatMap { prompt -> [String] in
      let heading = prompts.count > 1 ? ["step \(prompt.id)"] : []
      return heading + (prompt.problem.map { ["not yet: \($0)"] } ?? Self.lines(prompt.text))
    }
    return TabText(lines: lines, emptiness: "no step of this batch has a prompt")
  }

  private func answers(of detail: ItemDetail) throws -> TabText {
    var lines: [String] = []
    for receipt in detail.receipts {
      guard let object = receipt.candidate else { continue }
      lines += heading(receipt.step, object) + bytes(of: object)
    }
    // What was refused is an answer, too.
    if let review = try store.review(of: detail.row.id) {
      for candidate in review.candidates {
        lines += heading(name(candidate.step) + ", refused", candidate.object)
        lines += bytes(of: candidate.object)
      }
    }
    return TabText(
      lines: lines, emptiness: "no answer yet: a step that finishes leaves what it answered")
  }

  private func heading(_ step: String, _ object: SealedObject) -> [String] {
    ["step \(step), \(Wording.bytes(object.sizeBytes))"]
  }

  private func bytes(of object: SealedObject) -> [String] {
    guard object.sizeBytes <= Self.answerBytesMax else { return ["too large to show here"] }
    do {
      let bytes = try ObjectStore(readingAt: layout.objects).bytes(of: object.digest)
      return Self.lines(String(decoding: bytes, as: UTF8.self))
    } catch {
      return ["\(error)"]
    }
  }

  private func difference(of detail: ItemDetail) throws -> TabText {
    guard let review = try store.review(of: detail.row.id) else {
      return TabText(
        lines: [], emptiness: "nothing of this item waits for a person's word: no check refused it")
    }
    let desk = try ReviewDesk(layout: layout, store: store, run: run)
    let candidates = try desk.candidates(of: review)
    let lines = candidates.flatMap { candidate -> [String] in
      switch desk.difference(of: candidate) {
      case .text(let text): Self.lines(text)
      case let other: [ReviewText.sentence(other, candidate)]
      }
    }
    let refusal = review.feedback ?? review.failure.message
    return TabText(
      lines: lines, emptiness: "it would change nothing",
      review: HeldCandidate(
        refusal: refusal, sendsBackTo: review.sendsBackTo,
        isTargetChanged: candidates.contains { $0.isChangedByHand }))
  }

  private func name(_ step: Int) -> String {
    // Only a name is missing when the run cannot be read.
    let steps = (try? store.summary(of: run)?.steps) ?? []
    return steps.indices.contains(step) ? steps[step] : "\(step + 1)"
  }

  private static func lines(_ text: String) -> [String] {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    if lines.last?.isEmpty == true { lines.removeLast() }
    return lines
  }
}

extension ItemTexts {
  /// The first items of a group with what they failed with, the oldest failure first.
  func samples(of signature: Signature, limit: Int) throws -> [FailureSample] {
    let query = ItemQuery(
      filter: ItemFilter(states: [.failed], signature: signature), order: .source, limit: limit)
    let samples = try store.page(query, of: run).rows.map { row -> FailureSample in
      let attempts = try store.detail(of: row.id)?.attempts ?? []
      let message = attempts.last { $0.failure != nil }?.failure?.message ?? row.note
      let costs = attempts.compactMap(\.cost)
      return FailureSample(
        row: row, message: message, cost: costs.isEmpty ? nil : costs.reduce(.zero, +))
    }
    return samples.sorted { $0.row.since < $1.row.since }
  }
}
