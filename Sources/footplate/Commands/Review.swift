// `footplate review`: candidates that a check or a review refused, and a person's word on them.

import ArgumentParser
import BatchModel
import Foundation
import Resilience
import Runtime

struct Review: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Rejected candidates: what they would change; accepts them or sends them back.",
    discussion: """
      Without an item: everything that waits for a person. With one: the difference between what is \
      published and the candidate. --accept publishes the candidate as it is, --send-back has the \
      step do its work again with your words as {{feedback}}; neither pays for anything twice. \
      Without an engine both are noted at once, and the next footplate run carries them out; run it \
      before you edit the definition, since an edited one begins a new run.
      """)

  @OptionGroup var workspace: WorkspaceOptions
  @OptionGroup var talk: TalkOptions
  @Argument(help: "A key, a unique suffix of one, or #ordinal; without it every review is listed.")
  var item: String?
  @Flag(help: "The candidate is good: publish it, whatever its check or review said.")
  var accept = false
  @Option(help: "With --accept: why; it is kept in the receipt.") var reason: String?
  @Option(help: "What is wrong: the step that made the candidate does it again and is told so.")
  var sendBack: String?
  @Flag(help: "With --accept: also over a target that was changed by hand; its form is kept.")
  var force = false
  @Option(name: .customLong("run"), help: "Look into this run; without it the newest.")
  var runName: String?
  @Flag(name: .customLong("no-color"), help: "No colours; NO_COLOR does the same.")
  var noColor = false

  func validate() throws {
    if accept, sendBack != nil {
      throw ValidationError("--accept and --send-back: one of them")
    }
    if !accept, reason != nil || force {
      throw ValidationError("--reason and --force are for --accept")
    }
    if item == nil, accept || sendBack != nil {
      throw ValidationError("name the item: footplate review lists what waits")
    }
  }

  func run() throws {
    let client = try RunClient(workspace.layout)
    let summary = try client.resolve(runName)
    guard let item else { return try list(client, summary) }
    let review = try client.review(of: item, in: summary.run)
    let key = review.row.key
    if accept {
      let answer = try client.accept(
        review, reason: reason ?? "", overwrite: force, in: summary.run, by: NSUserName())
      say(answer, "\(key) is accepted: the next footplate run publishes it, nothing runs again")
    } else if let sendBack {
      let answer = try client.sendBack(
        review, feedback: sendBack, in: summary.run, by: NSUserName())
      say(
        answer,
        "\(key) is sent back to \(name(review.sendsBackTo, summary)): "
          + "the next footplate run does it again with your words as {{feedback}}")
    } else {
      try show(review, client, summary)
    }
  }

  private func say(_ answer: RequestAnswer, _ applied: String) {
    switch answer {
    case .left: Console.line("asked; footplate status shows it")
    case .applied(items: 0):
      Console.line("nothing changed: somebody else was quicker; footplate review looks again")
    case .applied: Console.line(applied)
    }
  }

  private func list(_ client: RunClient, _ summary: RunSummary) throws {
    let desk = try ReviewDesk(layout: client.layout, store: client.store, run: summary.run)
    var count = 0
    try client.forEachReview(of: summary.run) { review in
      count += 1
      let candidates = try desk.candidates(of: review)
      if talk.json {
        let report = ReviewReport(
          review, candidates, steps: summary.steps, comparingAt: nil)
        try Console.record(report)
      } else {
        ReviewText.summary(review, candidates, steps: summary.steps).forEach { Console.line($0) }
      }
    }
    guard !talk.json else { return }
    Console.line(
      count == 0
        ? "nothing waits for a review" : "\(count) to review: footplate review ITEM shows one")
  }

  private func show(
    _ review: PendingReview, _ client: RunClient, _ summary: RunSummary
  ) throws {
    let desk = try ReviewDesk(layout: client.layout, store: client.store, run: summary.run)
    let candidates = try desk.candidates(of: review)
    if talk.json {
      return try Console.document(
        ReviewReport(review, candidates, steps: summary.steps, comparingAt: desk))
    }
    ReviewText.summary(review, candidates, steps: summary.steps).forEach { Console.line($0) }
    let isPlain =
      noColor || !Console.isTerminal
      || ProcessInfo.processInfo.environment["NO_COLOR"]?.isEmpty == false
    for candidate in candidates {
      switch desk.difference(of: candidate) {
      case .text(let text): DifferenceText.lines(of: text, isPlain: isPlain)
      case let other: Console.line("  " + ReviewText.sentence(other, candidate))
      }
    }
    Console.line("accept it:     footplate review --accept --reason \"…\" \(review.row.shellWord)")
    Console.line(
      "send it back:  footplate review --send-back \"what is wrong\" \(review.row.shellWord)")
  }

  private func name(_ step: Int, _ summary: RunSummary) -> String {
    summary.steps.indices.contains(step) ? summary.steps[step] : "its step"
  }
}
