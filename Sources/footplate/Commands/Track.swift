// `footplate track`: for hooks of editors and coding agents. It never fails and never waits.

import ArgumentParser
import BatchModel
import Foundation
import Resilience
import Runtime
import Tracking

struct Track: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract:
      "Notes what a hook did to files; always ends with 0. track stats shows what is known.",
    discussion: """
      Hooks that somebody waits for call footplate-track, with the same words behind it: a small \
      program that starts in a fraction of the time and does the same.
      """
  )

  @OptionGroup var workspace: WorkspaceOptions
  @OptionGroup var talk: TalkOptions
  @Argument(help: "created, modified, applied or merged; or stats.") var kind: String
  @Argument(help: "The files.") var paths: [String] = []
  @Option(parsing: .upToNextOption, help: "What they were made from.") var from: [String] = []
  @Option(help: "Why, in one sentence.") var reason = ""

  /// Answers a hook without the general parser, which takes longer than all the rest.
  ///
  /// - Returns: false when it is none of a hook: help, figures, another command.
  static func answersHook(_ words: [String]) -> Bool {
    guard words.dropFirst().first == "track", words.count > 2, words[2] != "stats",
      !words.contains("-h"), !words.contains("--help")
    else { return false }
    if let arguments = TrackArguments(words.dropFirst(2)) {
      record(arguments)
    } else {
      complain(of: Array(words.dropFirst(2)))
    }
    return true
  }

  /// A line that the quick reader does not understand: the general one does, or says why not.
  private static func complain(of words: [String]) {
    do {
      let command = try parse(words)
      guard let action = ArtifactAction(rawValue: command.kind) else {
        return Console.complain(
          "footplate track: \(command.kind): no such kind; "
            + "there are created, modified, applied, merged")
      }
      record(
        TrackArguments(
          action: action, paths: command.paths, from: command.from, reason: command.reason,
          folder: command.workspace.folder))
    } catch {
      Console.complain("footplate track: \(message(for: error))")
    }
  }

  private static func record(_ arguments: TrackArguments) {
    for complaint in TrackCall.answer(arguments) { Console.complain(complaint) }
  }

  func run() throws {
    // Whatever a hook says is answered before it comes here.
    guard kind == "stats" else { return Self.complain(of: [kind] + paths) }
    let working = FileManager.default.currentDirectoryPath
    let root = TrackCall.workspace(
      named: workspace.folder ?? workspace.file.map { ($0 as NSString).deletingLastPathComponent },
      in: working, ProcessInfo.processInfo.environment)
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
}
