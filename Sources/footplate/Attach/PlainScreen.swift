// `--plain`: the dashboard as lines, for screen readers and for terminals that are no screen.

import Dashboard
import Foundation
import Resilience
import Runtime
import Synchronization

/// A conversation over standard input and output.
struct PlainScreen {
  private let feed: RunFeed
  private let inbox: MessageInbox
  private let news: PlainInput
  private var dialogue: PlainDialogue

  init(news: PlainInput, inbox: MessageInbox, feed: RunFeed, isReadOnly: Bool) {
    self.feed = feed
    self.inbox = inbox
    self.news = news
    dialogue = PlainDialogue(now: .wallClock, zone: .local, isReadOnly: isReadOnly)
  }

  /// Returns how the person left; the end of the input is leaving, too.
  mutating func run() -> Parting {
    Console.line(PlainDialogue.greeting)
    for command in PlainDialogue.firstCommands { feed.perform(command) }
    news.readLines()
    while true {
      let lines = news.wait(atMost: 1)
      for message in [.tick(.wallClock)] + inbox.takeAll() {
        if let parting = carryOut(dialogue.take(message)) { return parting }
      }
      for line in lines {
        guard let line else { return .detached }
        if let parting = carryOut(dialogue.take(line: line)) { return parting }
      }
    }
  }

  private func carryOut(_ turn: PlainDialogue.Turn) -> Parting? {
    for sentence in turn.sentences { Console.line(sentence) }
    for command in turn.commands {
      if case .quit(let parting) = command { return parting }
      // What is a screen's own the feed leaves alone.
      feed.perform(command)
    }
    return nil
  }
}

/// Lines that were typed, and a bell that anybody may ring.
///
/// *Concurrency*: safe from any thread.
final class PlainInput: Sendable {
  private let state = Mutex(State())
  private let bell = DispatchSemaphore(value: 0)

  private struct State {
    /// `nil` is the end of the input.
    var lines: [String?] = []
  }

  /// Says that there is something to look at.
  func ring() { bell.signal() }

  /// Reads standard input on a thread of its own, to its end.
  func readLines() {
    Thread.detachNewThread { [self] in
      while let line = readLine() { add(line) }
      add(nil)
    }
  }

  /// What was typed, after somebody rang or the time is over.
  func wait(atMost seconds: Double) -> [String?] {
    _ = bell.wait(timeout: .now() + seconds)
    return state.withLock { state in
      defer { state.lines = [] }
      return state.lines
    }
  }

  private func add(_ line: String?) {
    state.withLock { $0.lines.append(line) }
    ring()
  }
}
