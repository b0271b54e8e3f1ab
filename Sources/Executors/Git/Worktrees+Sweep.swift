// What dead engines left in a repository: worktrees in any state of being made, and their branches.

package import BatchModel
import DurableFiles
import Foundation

extension Worktrees {
  /// Git's record of a worktree: a folder below `.git/worktrees`.
  private struct Record {
    var folder: String
    /// Where the worktree is, or was to be.
    var path: String
    /// `nil` for a detached HEAD, and for a record that was not finished.
    var branch: String?
  }

  /// Removes the worktrees and branches that dead engines left; returns the worktrees' paths.
  ///
  /// It reads git's records itself: git refuses to work beside one that a crash left half written.
  /// Call it when no process of theirs lives any more.
  ///
  /// - Parameter epoch: The living engine's, whose worktrees stay.
  package func sweep(except epoch: Epoch) async throws(GitError) -> [String] {
    let common = try await git.ask(
      ["rev-parse", "--path-format=absolute", "--git-common-dir"], in: folder)
    // No repository has no worktrees.
    guard common.status == 0 else { return [] }
    let pool = pool
    let runsFolder = runsFolder
    let records = await pool.run { Self.records(in: "\(common.line)/worktrees") }
    var swept: [String] = []
    var living: Set<String> = []
    for record in records {
      let theirs = WorktreeName.epoch(ofPath: record.path, below: runsFolder)
      guard let theirs, theirs != epoch else {
        if let branch = record.branch { living.insert(branch) }
        continue
      }
      do throws(FilesError) {
        try await pool.run { () throws(FilesError) in
          try FileTree.remove(record.path)
          try FileTree.remove(record.folder)
        }
      } catch {
        throw .files("\(error)")
      }
      swept.append(record.path)
    }
    try await removeBranches(except: living)
    return swept
  }

  private static func records(in folder: String) -> [Record] {
    // A repository that never had a worktree has no such folder.
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.sorted().compactMap { name in
      let place = "\(folder)/\(name)"
      guard let link = line("\(place)/gitdir"), link.hasSuffix("/.git") else { return nil }
      let mark = "ref: refs/heads/"
      let head = line("\(place)/HEAD").flatMap { text in
        text.hasPrefix(mark) ? String(text.dropFirst(mark.count)) : nil
      }
      return Record(folder: place, path: String(link.dropLast("/.git".count)), branch: head)
    }
  }

  private static func line(_ path: String) -> String? {
    // What cannot be read is no record.
    let text = FileManager.default.contents(atPath: path).map {
      String(decoding: $0, as: UTF8.self)
    }
    return text?.split(whereSeparator: \.isNewline).first.map(String.init)
  }

  /// Removes branches of attempts that no worktree has checked out.
  private func removeBranches(except living: Set<String>) async throws(GitError) {
    let listed = try await git.ask(
      ["for-each-ref", "--format=%(refname:lstrip=2)", "refs/heads/footplate"], in: folder)
    guard listed.status == 0 else { return }
    let current = try await git.ask(["symbolic-ref", "--quiet", "--short", "HEAD"], in: folder).line
    for name in listed.text.split(whereSeparator: \.isNewline).map(String.init) {
      guard
        name.wholeMatch(of: #/footplate/run-[0-9]{8}-[0-9]{6}-[0-9a-f]{8}/[0-9]+-[0-9]+/#) != nil,
        !living.contains(name), name != current
      else { continue }
      _ = try await git.ask(["update-ref", "-d", "refs/heads/\(name)"], in: folder)
    }
  }
}
