// Money: reservations settled, sums kept by deltas, caps and providers' states.

import BatchModel

extension Transaction {
  /// Ends an attempt's reservation: by its charge, or by nothing.
  func settle(
    _ id: AttemptID, of item: ItemID, _ attempt: AttemptRecord, _ consumption: Consumption?,
    at: Int64, in run: RunRecord
  ) throws(StoreError) {
    guard let consumption else {
      guard attempt.reserved != nil else { return }
      try connection("UPDATE attempts SET reserved = NULL WHERE id = ?").run(id.number)
      return
    }
    let billing = consumption.billing.code
    try connection(
      """
      UPDATE attempts SET reserved = NULL, provider = ?, model = ?, billing = ?,
        cost = coalesce(cost, 0) + ?
      WHERE id = ?
      """
    ).run(
      consumption.provider, consumption.model, billing, consumption.cost.picodollars, id.number)
    if consumption.billing == .metered {
      try connection("UPDATE items SET cost = cost + ? WHERE id = ?")
        .run(consumption.cost.picodollars, item.number)
      try chargeGroup(of: item, consumption.cost, in: run)
    }
    try connection(
      """
      INSERT INTO spend(run, day, step, provider, model, billing, calls, input_tokens,
        cache_read_tokens, cache_write_tokens, output_tokens, reasoning_tokens, cost)
      VALUES(?, ?, ?, ?, ?, ?, 1, ?, ?, ?, ?, ?, ?)
      ON CONFLICT(run, day, step, provider, model, billing) DO UPDATE SET calls = calls + 1,
        input_tokens = input_tokens + excluded.input_tokens,
        cache_read_tokens = cache_read_tokens + excluded.cache_read_tokens,
        cache_write_tokens = cache_write_tokens + excluded.cache_write_tokens,
        output_tokens = output_tokens + excluded.output_tokens,
        reasoning_tokens = reasoning_tokens + excluded.reasoning_tokens,
        cost = cost + excluded.cost
      """
    ).run(
      run.number, SpendingDay.of(milliseconds: at), run.steps[attempt.step], consumption.provider,
      consumption.model, billing, consumption.inputTokens, consumption.cacheReadTokens,
      consumption.cacheWriteTokens, consumption.outputTokens, consumption.reasoningTokens,
      consumption.cost.picodollars)
  }

  func applyProviderMoved(_ moved: ProviderMoved) throws(StoreError) {
    try connection(
      """
      INSERT INTO providers(name, state) VALUES(?, ?)
      ON CONFLICT(name) DO UPDATE SET state = excluded.state
      """
    ).run(moved.provider, EventCoding.text(of: moved.state))
  }

  func applyBudgetMoved(_ moved: BudgetMoved, of run: RunRecord) throws(StoreError) {
    try connection(
      """
      INSERT INTO budgets(run, cap, latched) VALUES(?, ?, ?)
      ON CONFLICT(run) DO UPDATE SET cap = excluded.cap, latched = excluded.latched
      """
    ).run(run.number, moved.state.cap?.picodollars, moved.state.isLatched)
  }
}

/// Days of UTC, by which spending is capped and reported.
enum SpendingDay {
  static let milliseconds: Int64 = 86_400_000

  /// Days since 1970-01-01.
  static func of(milliseconds moment: Int64) -> Int64 { moment / milliseconds }
}
