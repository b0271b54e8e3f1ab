// `footplate retry`: items queued again, as they were or with something changed for them.

import ArgumentParser
import BatchModel
import Foundation
import Resilience
import Runtime

struct Retry: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Queues items again.",
    discussion: "Tries a few items of a group first: footplate retry --group G-07 --canary 5")
  @OptionGroup var workspace: WorkspaceOptions
  @OptionGroup var items: ItemOptions
  @Flag(help: "Every failed item.") var failed = false
  @Option(help: "So many of the group first, the others only when all of these get done.")
  var canary: Int?
  @Option(help: "From this step on, also if it is done.") var from: String?
  @OptionGroup var edits: EditOptions
  @Flag(help: "Run again whatever the receipts say, over a file that a person changed too.")
  var force = false

  func run() throws {
    let client = try RunClient(workspace.layout)
    let summary = try client.resolve(nil)
    let step = try from.map { try Self.index(of: $0, in: summary.steps) }
    var overrides = try edits.overrides()
    overrides.force = force || from != nil
    overrides.overwrite = force
    if let canary { return try tryFirst(canary, overrides, client, summary.run) }
    try ask(.retry(fromStep: step, overrides: overrides), items, workspace, allFailed: failed)
  }

  private static func index(of id: String, in steps: [String]) throws -> Int {
    guard let index = steps.firstIndex(of: id) else {
      throw CommandError("\(id): no such step; there are \(steps.joined(separator: ", "))")
    }
    return index
  }

  private func tryFirst(
    _ count: Int, _ overrides: Overrides, _ client: RunClient, _ run: RunID
  ) throws {
    guard let group = items.group, items.items.isEmpty, !failed, from == nil, count >= 1 else {
      throw CommandError("--canary tries at least 1 item of a --group first, from where it failed")
    }
    let signature = try client.signature(named: group, in: run)
    let action = Request.Action.retryGroup(signature, canary: count, overrides)
    switch try client.submit(action, of: run, by: NSUserName()) {
    case .left: Console.line("asked; footplate status shows it")
    case .applied(let items):
      Console.line("\(items) items of \(group) are tried first; footplate run goes on")
    }
  }
}

/// What a retry changes for its items.
struct EditOptions: ParsableArguments {
  @Option(help: "Another time-out, such as 20m.") var timeout: DurationArgument?
  @Option(help: "Ask this model instead of the step's own.") var model: String?
  @Option(help: "Another cap for each of the items, in USD.") var perItem: DollarAmount?
  @Option(help: "A file with the whole prompt, for this retry in the place of the rendered one.")
  var promptFile: String?
  @Option(
    help: ArgumentHelp(
      "Another parameter of the call, as JSON or plain text; null takes one away. Can be repeated.",
      valueName: "name=value"))
  var param: [String] = []

  func overrides() throws -> Overrides {
    Overrides(
      timeoutMilliseconds: timeout.map { $0.duration.nanosecondsClamped / 1_000_000 },
      model: model, perItem: perItem?.money, prompt: try promptFile.map(Self.prompt),
      params: param.isEmpty ? nil : try params())
  }

  private static func prompt(at path: String) throws -> String {
    guard let bytes = FileManager.default.contents(atPath: path) else {
      throw CommandError("\(path): cannot be read")
    }
    guard bytes.count <= Overrides.promptBytesMax else {
      throw CommandError("\(path): \(bytes.count) bytes; a prompt has at most 1 MiB")
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw CommandError("\(path): is no UTF-8 text")
    }
    return text
  }

  private func params() throws -> [String: JSONValue] {
    var params: [String: JSONValue] = [:]
    for word in param {
      let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2, !parts[0].isEmpty else {
        throw CommandError("\(word): write --param name=value")
      }
      // What is no JSON is a text.
      params[String(parts[0])] =
        (try? JSONValue(parsing: String(parts[1]))) ?? .string(String(parts[1]))
    }
    return params
  }
}
