// What a person's levers have set, and how the retries of groups stand that try a few items first.

package import BatchModel

extension SQLiteReading {
  package func holds(of run: RunID) throws(StoreError) -> [Hold] {
    try read { connection throws(StoreError) in
      guard try connection.hasLevers() else { return [] }
      return try connection(
        """
        SELECT holds.hold FROM runs JOIN holds ON holds.run = runs.id
        WHERE runs.name = ? ORDER BY holds.hold
        """
      ).all(run.text) { row throws(StoreError) in
        guard let hold = Hold(row.text(0)) else { throw row.damaged("\(row.text(0)) is no hold") }
        return hold
      }
    }
  }

  package func parallel(of run: RunID) throws(StoreError) -> Parallel? {
    try read { connection throws(StoreError) in
      guard try connection.hasLevers() else { return nil }
      return try connection(
        """
        SELECT run_slots, llm_slots FROM runs JOIN parallels ON parallels.run = runs.id
        WHERE runs.name = ?
        """
      ).first(run.text) { row in Parallel(run: max(1, row.count(0)), llm: max(1, row.count(1))) }
    }
  }

  package func canaries(of run: RunID) throws(StoreError) -> [CanaryFigures] {
    try read { connection throws(StoreError) in
      guard try connection.hasLevers(), let record = try connection.runRecord(run) else {
        return []
      }
      var figures: [CanaryFigures] = []
      for canary in try connection.openCanaries(of: record.number) {
        let tally = try connection.tally(of: canary)
        figures.append(
          CanaryFigures(
            signature: canary.signature, name: FailureGroup.name(ofNumber: canary.number),
            tried: tally.begun,
            passed: tally.done, failed: tally.failed, of: canary.items.count,
            rest: try connection.restCount(
              of: canary.signature, since: canary.since, without: canary.items,
              in: record.number)))
      }
      return figures
    }
  }
}

extension Connection {
  /// Whether the store is of a version that has levers; in an older one none was ever moved.
  fileprivate func hasLevers() throws(StoreError) -> Bool {
    try number(of: "user_version") >= 7
  }
}
