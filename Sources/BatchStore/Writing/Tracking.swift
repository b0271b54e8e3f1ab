// What hooks told of artifacts: a change of the ledger like any other, once a content.

package import BatchModel
package import Resilience

extension SQLiteStore {
  package func track(
    _ artifacts: [ArtifactTracked], of run: RunID, at now: Instant
  ) throws(StoreError) {
    try transact { transaction throws(StoreError) in
      let record = try transaction.run(run)
      for artifact in artifacts {
        guard try !transaction.noteRepeated(artifact) else { continue }
        try transaction.apply(.artifactTracked(artifact), of: record, at: now.milliseconds)
      }
    }
  }
}

extension Transaction {
  /// Counts an event that says what the newest one of its path, action and source said already.
  fileprivate func noteRepeated(_ artifact: ArtifactTracked) throws(StoreError) -> Bool {
    let newest = try connection(
      """
      SELECT sequence, content FROM tracked WHERE path = ? AND action = ? AND source = ?
      ORDER BY sequence DESC LIMIT 1
      """
    ).first(artifact.path, artifact.action.rawValue, artifact.source) { row in
      (sequence: row.int(0), content: row.text(1))
    }
    guard let newest, newest.content == artifact.content else { return false }
    try connection("UPDATE tracked SET repeats = repeats + 1 WHERE sequence = ?")
      .run(newest.sequence)
    return true
  }

  func applyArtifactTracked(
    _ artifact: ArtifactTracked, event: Int64, of run: RunRecord
  ) throws(StoreError) {
    try connection(
      """
      INSERT INTO tracked(sequence, run, path, action, source, content, language)
      VALUES(?, ?, ?, ?, ?, ?, ?)
      """
    ).run(
      event, run.number, artifact.path, artifact.action.rawValue, artifact.source,
      artifact.content, artifact.language)
    for source in artifact.from {
      try connection("INSERT OR IGNORE INTO tracked_sources(path, sequence) VALUES(?, ?)")
        .run(source, event)
    }
  }
}

extension SQLiteReading {
  package func trackFigures() throws(StoreError) -> TrackFigures {
    try read { connection throws(StoreError) in
      var figures = TrackFigures()
      try connection("SELECT count(*), sum(repeats), count(DISTINCT path) FROM tracked")
        .forEach { row in
          figures.recorded = row.count(0)
          figures.repeated = row.count(1)
          figures.files = row.count(2)
        }
      try connection("SELECT action, count(*) FROM tracked GROUP BY action")
        .forEach { row in figures.byAction[row.text(0)] = row.count(1) }
      try connection(
        "SELECT language, count(*) FROM tracked WHERE language IS NOT NULL GROUP BY language"
      ).forEach { row in figures.byLanguage[row.text(0)] = row.count(1) }
      try connection("SELECT source, count(*) FROM tracked GROUP BY source")
        .forEach { row in figures.bySource[row.text(0)] = row.count(1) }
      return figures
    }
  }
}
