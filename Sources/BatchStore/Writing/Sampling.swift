// Samples of a run as they are kept and thinned: no event tells of them, and no ledger brings them
// back.

package import BatchModel
import Resilience

extension SQLiteStore {
  package func keep(_ sample: RunSample, of run: RunID) throws(StoreError) {
    try transact { transaction throws(StoreError) in
      let record = try transaction.run(run)
      try transaction.insert(sample, of: record)
      try transaction.thin(before: sample.at, of: record)
    }
  }
}

extension Transaction {
  fileprivate func insert(_ sample: RunSample, of run: RunRecord) throws(StoreError) {
    let counts = sample.counts
    let inFlight = sample.inFlight.isEmpty ? nil : EventCoding.text(of: sample.inFlight)
    let breakers = sample.breakers.isEmpty ? nil : EventCoding.text(of: sample.breakers)
    try connection(
      """
      INSERT OR REPLACE INTO samples(run, at, queued, waiting, running, done, skipped, failed,
        cancelled, rate, spent, reserved, held, slots, in_flight, breakers)
      VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """
    ).run { arguments in
      arguments.append(run.number)
      arguments.append(sample.at.milliseconds)
      for count in [
        counts.queued, counts.waiting, counts.running, counts.done, counts.skipped,
        counts.failed, counts.cancelled,
      ] {
        arguments.append(count)
      }
      arguments.append(sample.rate)
      arguments.append(sample.spent.picodollars)
      arguments.append(sample.reserved.picodollars)
      arguments.append(sample.waiting)
      arguments.append(sample.slotsUsed)
      arguments.append(inFlight)
      arguments.append(breakers)
    }
  }

  /// Leaves the first sample of each minute after an hour, of each ten minutes after a day.
  ///
  /// A run of a week has some 2,500: looking at all of them once a minute costs milliseconds.
  fileprivate func thin(before now: Instant, of run: RunRecord) throws(StoreError) {
    let now = now.milliseconds
    guard now % SampleAge.minute < SampleAge.interval else { return }
    for (age, spacing) in SampleAge.thinning {
      try connection(
        """
        DELETE FROM samples WHERE run = ?1 AND at < ?2 AND EXISTS (
          SELECT 1 FROM samples AS earlier WHERE earlier.run = ?1
            AND earlier.at >= samples.at / ?3 * ?3 AND earlier.at < samples.at)
        """
      ).run(run.number, now - age, spacing)
    }
  }
}

/// How close samples lie together, by their age; in milliseconds.
private enum SampleAge {
  static let interval: Int64 = 10_000
  static let minute: Int64 = 60_000
  static let thinning: [(age: Int64, spacing: Int64)] = [
    (60 * minute, minute), (24 * 60 * minute, 10 * minute),
  ]
}
