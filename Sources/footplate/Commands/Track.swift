// `footplate track`: for hooks of editors and coding agents. It never fails and never waits.

import ArgumentParser
import BatchModel
import Foundation
import Resilience
import Runtime

struct Track: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Notes what a hook did to files; always ends with 0. track stats shows what is known."
  )

  @OptionGroup var workspace: WorkspaceOptions
  @OptionGroup var talk: TalkOptions
  @Argument(help: "created, modified, applied or merged; or stats.") var kind: String
  @Argument(help: "The files.") var paths: [String] = []
  @Option(parsing: .upToNextOption, help: "What they were made from.") var from: [String] = []
  @Option(help: "Why, in one sentence.") var reason = ""

  /// The whole command line of a hook, without the parser's search through all commands.
  ///
  /// - Returns: false when it is none of a hook: help, figures, another command.
  static func answersHook(_ arguments: [String]) -> Bool {
    guard arguments.dropFirst().first == "track", arguments.count > 2 else { return false }
    let words = arguments.dropFirst(2)
    guard words.first != "stats", words.isDisjoint(with: ["-h", "--help"]) else { return false }
    do {
      try parse(Array(words)).record()
    } catch {
      Console.complain("footplate track: \(message(for: error))")
    }
    return true
  }

  func run() throws {
    guard kind == "stats" else { return record() }
    guard let root else { return Console.line("no workspace here: nothing is tracked") }
    let report = try TrackReport(WorkspaceLayout(root: root))
    if talk.json { return try Console.document(report) }
    Console.line(
      "recorded \(report.recorded) of \(report.files) files, repeated \(report.repeated)")
    Console.line(
      "waiting \(report.waiting)  refused \(report.refused)  dropped \(report.dropped)")
    for figures in [report.byAction, report.byLanguage, report.bySource] where !figures.isEmpty {
      let sorted = figures.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
      Console.line(sorted.map { "\($0.key) \($0.value)" }.joined(separator: "  "))
    }
  }

  private func record() {
    guard let action = ArtifactAction(rawValue: kind) else {
      return Console.complain(
        "footplate track: \(kind): no such kind; there are created, modified, applied, merged")
    }
    // Outside of a workspace there is nothing to note: a hook may run anywhere.
    guard let root, !paths.isEmpty else { return }
    let call = TrackCall(root: root, environment: ProcessInfo.processInfo.environment)
    let complaints = call.record(
      action, paths.map(WorkspaceOptions.absolute), from: from.map(WorkspaceOptions.absolute),
      reason: reason, at: .wallClock)
    for complaint in complaints { Console.complain("footplate track: \(complaint)") }
  }

  /// The workspace that is meant: the one that is named, the step's own, or the one around us.
  private var root: String? {
    if workspace.folder != nil || workspace.file != nil {
      return TrackCall.workspace(above: workspace.layout.root)
    }
    let environment = ProcessInfo.processInfo.environment
    if let own = environment["FOOTPLATE_WORKSPACE"], own.hasPrefix("/") {
      return TrackCall.workspace(above: own)
    }
    return TrackCall.workspace(above: FileManager.default.currentDirectoryPath)
  }
}

extension ArraySlice<String> {
  fileprivate func isDisjoint(with words: Set<String>) -> Bool {
    !contains { words.contains($0) }
  }
}
