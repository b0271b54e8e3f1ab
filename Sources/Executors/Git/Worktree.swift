// One attempt's worktree: what it is asked for with, and what it is known by.

package import BatchModel

/// A worktree to make.
package struct WorktreeOrder: Sendable {
  package var run: RunID
  package var item: ClaimedItem
  package var step: String
  package var attempt: AttemptID
  package var epoch: Epoch
  /// The commit that it starts from.
  package var base: CommitID
  /// Run in it before anything else.
  package var setup: ProcessOrder.Invocation?
  /// Of the setup.
  package var environment: [String: String]
  package var setupTimeout: Duration

  package init(
    run: RunID, item: ClaimedItem, step: String, attempt: AttemptID, epoch: Epoch, base: CommitID,
    setup: ProcessOrder.Invocation? = nil, environment: [String: String] = [:],
    setupTimeout: Duration = .seconds(600)
  ) {
    self.run = run
    self.item = item
    self.step = step
    self.attempt = attempt
    self.epoch = epoch
    self.base = base
    self.setup = setup
    self.environment = environment
    self.setupTimeout = setupTimeout
  }

  /// Unique, and recognised after a crash.
  var folderName: String { "\(attempt)-\(epoch)-\(WorktreeName.ending)" }
  var branch: String { "footplate/\(run)/\(item.ordinal)-\(attempt)" }
  /// Where the commit is pinned: an item's last one.
  var pin: String { "refs/footplate/\(run)/\(item.ordinal)" }

  /// The commit's message; an item's key may be anything, and stands in it as a JSON string.
  var message: String {
    var key = ""
    JSONValue.appendQuoted(item.key, to: &key)
    return """
      \(step): \(key.count > 120 ? key.prefix(119) + "…" : key[...])

      Footplate-Run: \(run)
      Footplate-Item: \(key)
      Footplate-Ordinal: \(item.ordinal)

      """
  }
}

/// A worktree that stands.
package struct Worktree: Sendable {
  package let order: WorktreeOrder
  /// Its root.
  package let path: String
  /// Where the step works: what the definition's folder is in the repository.
  package let folder: String
  /// Asked for at the start: an agent may write what it likes into `.git`.
  let gitFolder: String
}

/// How worktrees of attempts are called.
enum WorktreeName {
  static let ending = "worktree"

  /// The epoch in a worktree's path below `runsFolder`; `nil` for anybody else's.
  static func epoch(ofPath path: String, below runsFolder: String) -> Epoch? {
    guard path.hasPrefix(runsFolder + "/"), let name = path.split(separator: "/").last,
      let match = name.wholeMatch(of: /([0-9]+)-([0-9]+)-worktree/), let epoch = Int64(match.2)
    else { return nil }
    return Epoch(epoch)
  }
}
