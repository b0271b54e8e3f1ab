// Everything that descends from one child: in its session, below it, or marked by its environment.

import Glibc

/// The tree of a child that has not been reaped: its zombie still pins session and group id.
struct ProcessTree {
  let leader: Int32
  let marker: [String]
  /// Looked up when first needed: most children end without a look at the table.
  private var leaderStartTicks: UInt64?
  /// Members that were seen, by pid, with their start: found again when their parent is gone.
  private var known: [Int32: UInt64] = [:]

  init(leader: Int32, marker: [String]) {
    self.leader = leader
    self.marker = marker
  }

  /// Signals the leader's group, which needs no look at the table.
  func signalGroup(_ signal: Int32) { kill(-leader, signal) }

  /// Signals the group, then every living member outside of it, each once; returns how many live
  /// besides the leader.
  mutating func signal(_ signal: Int32, in table: inout ProcessTable) -> Int {
    let members = livingMembers(in: &table)
    signalGroup(signal)
    for entry in members where entry.group != leader { entry.send(signal) }
    return members.count
  }

  /// The members that still run, without the leader.
  mutating func livingMembers(in table: inout ProcessTable) -> [ProcessTable.Entry] {
    let start = leaderStartTicks ?? ProcessTable.entry(of: leader)?.startTicks ?? 0
    leaderStartTicks = start
    var found: [Int32: ProcessTable.Entry] = [:]
    let candidates = table.entries.filter {
      $0.startTicks >= start && $0.pid != leader && $0.pid != getpid()
    }
    for entry in candidates where isMember(entry, &table) { found[entry.pid] = entry }
    ProcessTable.addDescendants(to: &found, from: candidates)
    for entry in found.values { known[entry.pid] = entry.startTicks }
    return found.values.filter { !$0.isZombie }
  }

  private func isMember(_ entry: ProcessTable.Entry, _ table: inout ProcessTable) -> Bool {
    if entry.session == leader || entry.parent == leader { return true }
    if known[entry.pid] == entry.startTicks { return true }
    return !marker.isEmpty && table.environment(of: entry.pid, hasAll: marker)
  }
}
