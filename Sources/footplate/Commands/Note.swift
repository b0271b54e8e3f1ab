// `footplate note`: a word for whoever looks at a group of failures or an item next.

import ArgumentParser
import BatchModel
import Foundation
import Resilience
import Runtime

struct Note: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Leaves a note on an item or a group of failures; an empty one takes it away.")

  @OptionGroup var workspace: WorkspaceOptions
  @Option(name: .customLong("run"), help: "The run; without it the newest.")
  var runName: String?
  @Argument(help: "A key, a unique suffix of one, #ordinal, or a group such as G-07.")
  var target: String
  @Argument(help: "What to note.") var text: String

  func run() throws {
    let client = try RunClient(workspace.layout)
    let run = try client.resolve(runName).run
    let words = text.trimmingCharacters(in: .whitespacesAndNewlines)
    let action = Request.Action.note(try noteTarget(client, run), words)
    switch try client.submit(action, of: run, by: NSUserName()) {
    case .left: Console.line("asked; footplate failures shows it")
    case .applied:
      Console.line(words.isEmpty ? "the note on \(target) is gone" : "noted on \(target)")
    }
  }

  private func noteTarget(_ client: RunClient, _ run: RunID) throws -> NoteTarget {
    guard target.wholeMatch(of: /G-\d+/) != nil else {
      return .item(try client.row(of: target, in: run).id)
    }
    return .group(try client.signature(named: target, in: run))
  }
}
