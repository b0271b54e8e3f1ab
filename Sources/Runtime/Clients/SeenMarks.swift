// When each person looked at each run last, beside the files of those who look now: a client never
// writes the store.

package import BatchModel
import BatchStore
import DurableFiles
import Foundation
package import Resilience
import Synchronization

/// One person's marks, in `viewers/<name>.seen`.
struct SeenMarks {
  /// Runs that are remembered; older ones give way.
  private static let runsMax = 100
  static let suffix = ".seen"
  private let folder: String
  private let name: String

  init(_ layout: WorkspaceLayout, of user: String) {
    folder = layout.viewers
    // A name with other letters must not leave the folder.
    let isPlain = user.wholeMatch(of: /[A-Za-z0-9_-]{1,64}/) != nil
    name = isPlain ? user : Digest(of: user).hex
  }

  /// `nil` for a run that the person never looked at, and for marks that cannot be read.
  subscript(run: RunID) -> Seen? { all[run.text] }

  /// Remembers it; a later mark stays.
  func set(_ seen: Seen, for run: RunID) throws {
    var marks = all
    if let known = marks[run.text], known.at >= seen.at { return }
    marks[run.text] = seen
    for old in marks.sorted(by: { $0.value.at > $1.value.at }).dropFirst(Self.runsMax) {
      marks[old.key] = nil
    }
    let bytes = Array(try JSONEncoder().encode(marks))
    try PrivateFolder(folder).replace(name + Self.suffix, with: bytes)
  }

  private var all: [String: Seen] {
    guard let data = FileManager.default.contents(atPath: "\(folder)/\(name)\(Self.suffix)")
    else { return [:] }
    // Marks of another version are forgotten: the worst is one screen that nobody needed.
    return (try? JSONDecoder().decode([String: Seen].self, from: data)) ?? [:]
  }
}

extension RunClient {
  /// Marks are written this far apart at least.
  private static let seenApart = Duration.seconds(10)

  /// Remembers that the person looked: the last key that was pressed.
  ///
  /// Written at most once in ten seconds. A folder that cannot be written remembers nothing.
  package func markSeen(run: RunID, at now: Instant, by user: String = NSUserName()) {
    let isDue = seenAt.withLock { seenAt in
      if let last = seenAt[run], last.duration(to: now) < Self.seenApart { return false }
      seenAt[run] = now
      return true
    }
    guard isDue else { return }
    // A read-only workspace, or a store that is busy: looking goes on.
    guard let sequence = try? store.lastSequence(of: run, at: nil) else { return }
    try? SeenMarks(layout, of: user).set(Seen(at: now, sequence: sequence), for: run)
  }

  /// When the person looked last; `nil` for the first time.
  package func lastSeen(run: RunID, by user: String = NSUserName()) -> Seen? {
    SeenMarks(layout, of: user)[run]
  }
}
