// `footplate lineage`: which item, step and attempt made a file from what, and what was made from it.

import ArgumentParser
import BatchModel
import Foundation
import Runtime
import Tracking

struct Lineage: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "What made a file, from which sources and for how much; and what was made from it.",
    discussion: """
      PATH is a file of the workspace, taken from the folder you stand in (or the one of -C), or \
      sha256:… for whatever left exactly these bytes. Older forms are listed below the newest one. \
      What a hook told with footplate track is a part of it.
      """)

  @OptionGroup var workspace: WorkspaceOptions
  @OptionGroup var talk: TalkOptions
  @Argument(help: "A file's path, or sha256:….") var path: String
  @Flag(help: "Only what made it.") var up = false
  @Flag(help: "Only what was made from it.") var down = false
  @Flag(help: "Draw it in the language of Graphviz: footplate lineage PATH --dot | dot -Tsvg")
  var dot = false
  @Option(help: "At most so many steps in each direction.") var depth = 20
  @Option(help: "At most so many attempts in each direction.") var limit = 200

  func validate() throws {
    if up, down { throw ValidationError("--up and --down are both shown without either") }
    if dot, talk.json { throw ValidationError("--dot and --json are two forms; ask for one") }
    guard depth > 0, limit > 0 else {
      throw ValidationError("--depth and --limit are at least 1")
    }
  }

  func run() throws {
    let working = FileManager.default.currentDirectoryPath
    let layout = layout(from: working)
    let client = try RunClient(layout)
    // With -C or -f the paths are those of the batch's folder.
    let isNamed = workspace.folder != nil || workspace.file != nil
    let target = try LineageTarget(path, in: isNamed ? layout.root : working, of: layout)
    var walk = LineageWalk(
      layout: layout, store: client.store,
      limits: LineageWalk.Limits(nodes: limit, depth: depth))
    let graph = try walk.graph(of: target, up ? .up : down ? .down : .both)
    if talk.json { return try Console.document(LineageReport(graph)) }
    if dot { return Console.raw(LineageDrawing.text(of: graph)) }
    LineageText.lines(graph, showsUp: !down, showsDown: !up).forEach { Console.line($0) }
  }

  /// The workspace: the one that is named, or the nearest one above the folder.
  private func layout(from working: String) -> WorkspaceLayout {
    guard workspace.folder == nil, workspace.file == nil,
      let root = TrackCall.workspace(above: working)
    else { return workspace.layout }
    return WorkspaceLayout(root: root)
  }
}
