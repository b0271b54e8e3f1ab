// What a person's levers do to the tables: holds and the numbers of slots.

import BatchModel

extension Transaction {
  func applyHoldMoved(_ moved: HoldMoved, of run: RunRecord) throws(StoreError) {
    guard moved.isHeld else {
      return try connection("DELETE FROM holds WHERE run = ? AND hold = ?")
        .run(run.number, moved.hold.description)
    }
    try connection("INSERT OR IGNORE INTO holds(run, hold) VALUES(?, ?)")
      .run(run.number, moved.hold.description)
  }

  func applyParallelMoved(_ moved: ParallelMoved, of run: RunRecord) throws(StoreError) {
    guard let parallel = moved.parallel else {
      return try connection("DELETE FROM parallels WHERE run = ?").run(run.number)
    }
    try connection(
      """
      INSERT INTO parallels(run, run_slots, llm_slots) VALUES(?, ?, ?)
      ON CONFLICT(run) DO UPDATE SET run_slots = excluded.run_slots,
        llm_slots = excluded.llm_slots
      """
    ).run(run.number, Int64(parallel.run), Int64(parallel.llm))
  }
}
