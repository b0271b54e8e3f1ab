// The verbs of the writing side that are one transaction each.

package import BatchModel
package import Resilience

extension SQLiteStore {
  package func beginEpoch(
    pid: Int32, bootID: String, host: String, at now: Instant
  ) throws(StoreError) -> Epoch {
    try transact { transaction throws(StoreError) in
      // A new engine holds nothing yet.
      transaction.window = Window()
      let last = try transaction.connection("SELECT max(epoch) FROM engines")
        .first { row in row.int(0) }
      let epoch = (last ?? 0) + 1
      try transaction.connection(
        "INSERT INTO engines(epoch, pid, boot_id, host, started) VALUES(?, ?, ?, ?, ?)"
      ).run(epoch, Int64(pid), bootID, host, now.milliseconds)
      return Epoch(epoch)
    }
  }

  package func createRun(
    _ started: RunStarted, definition: Batch, at now: Instant
  ) throws(StoreError) {
    let text = definition.canonicalText
    guard started.definition == Digest(of: text) else {
      throw .conflict(reason: "run \(started.run) is started with another definition's digest")
    }
    try transact { transaction throws(StoreError) in
      // A rebuild reads the definition from here.
      _ = try transaction.store(Array(text.utf8))
      try transaction.insertRun(started, definition: definition, text, at: now.milliseconds)
    }
  }

  package func nextAttempt() throws(StoreError) -> AttemptID {
    try exclusive { connection throws(StoreError) in
      let last = try connection("SELECT max(id) FROM attempts").first { row in row.int(0) }
      return AttemptID((last ?? 0) + 1)
    }
  }

  package func apply(
    _ changes: [Change], of run: RunID, at now: Instant
  ) throws(StoreError) {
    try apply([Submission(changes: changes, run: run, at: now)])
  }

  package func apply(_ submissions: [Submission]) throws(StoreError) {
    try transact { transaction throws(StoreError) in
      for submission in submissions {
        for change in submission.changes {
          let run = try transaction.run(submission.run)
          try transaction.apply(change, of: run, at: submission.at.milliseconds)
        }
      }
    }
  }

  package func remember(_ digests: [FileDigest]) throws(StoreError) {
    try transact { transaction throws(StoreError) in
      for digest in digests {
        try transaction.connection(
          """
          INSERT INTO file_digests(path, size, modified, changed, inode, digest, stale)
          VALUES(?, ?, ?, ?, ?, ?, ?)
          ON CONFLICT DO UPDATE SET size = excluded.size, modified = excluded.modified,
            changed = excluded.changed, inode = excluded.inode, digest = excluded.digest,
            stale = max(stale, excluded.stale, digest <> excluded.digest)
          """
        ).run(
          digest.path, digest.stamp.sizeBytes, digest.stamp.modifiedNanoseconds,
          digest.stamp.changedNanoseconds, Int64(bitPattern: digest.stamp.inode), digest.digest,
          digest.isChanged)
      }
    }
  }

  package func remember(_ listings: [FileListing]) throws(StoreError) {
    try transact { transaction throws(StoreError) in
      for listing in listings {
        try transaction.connection(
          """
          INSERT INTO listings(glob, digest, count, stale) VALUES(?, ?, ?, ?)
          ON CONFLICT DO UPDATE SET digest = excluded.digest, count = excluded.count,
            stale = max(stale, excluded.stale, digest <> excluded.digest)
          """
        ).run(listing.glob, listing.digest, listing.count, listing.isChanged)
      }
    }
  }

  package func checkpoint() throws(StoreError) {
    try exclusive { connection throws(StoreError) in
      try mirror?.sync()
      // Busy readers leave a rest behind, which the next checkpoint takes.
      try connection("PRAGMA wal_checkpoint(TRUNCATE)").run()
    }
  }
}

extension Transaction {
  func insertRun(
    _ started: RunStarted, definition: Batch, _ text: String, at: Int64
  ) throws(StoreError) {
    guard try connection.runRecord(started.run) == nil else {
      throw .conflict(reason: "there is a run \(started.run) already")
    }
    try connection("INSERT OR IGNORE INTO definitions(digest, text) VALUES(?, ?)")
      .run(started.definition, text)
    try connection(
      """
      INSERT INTO runs(name, batch, definition, steps, state, why, started, updated,
        first_sequence, last_sequence)
      VALUES(?, ?, ?, ?, ?, '', ?, ?, ?, ?)
      """
    ).run(
      started.run.text, started.batch, started.definition,
      EventCoding.text(of: definition.steps.map(\.id)), RunState.running.code, at, at,
      sequence + 1, sequence + 1)
    try registerEngine(started, at: at)
    let run = try run(started.run)
    try append(.runStarted(started), of: run, at: at)
  }
}
