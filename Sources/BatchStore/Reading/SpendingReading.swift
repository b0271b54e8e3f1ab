// What was spent, by whatever a person asks for, and how caps and providers stand.

package import BatchModel
package import Resilience

extension SQLiteReading {
  package func spent(of run: RunID, at now: Instant) throws(StoreError) -> Spent {
    try read { connection throws(StoreError) in
      let ofRun = try connection(
        """
        SELECT sum(spend.cost) FROM spend JOIN runs ON runs.id = spend.run
        WHERE runs.name = ? AND spend.billing = 0
        """
      ).first(run.text) { row in row.int(0) }
      let ofDay = try connection("SELECT sum(cost) FROM spend WHERE day = ? AND billing = 0")
        .first(SpendingDay.of(milliseconds: now.milliseconds)) { row in row.int(0) }
      return Spent(
        run: Money(picodollars: ofRun ?? 0), day: Money(picodollars: ofDay ?? 0))
    }
  }

  package func reserved(of run: RunID) throws(StoreError) -> Money {
    try read { connection throws(StoreError) in
      let sum = try connection(
        """
        SELECT sum(attempts.reserved) FROM runs
        CROSS JOIN attempts INDEXED BY attempts_open ON attempts.run = runs.id
        WHERE runs.name = ? AND attempts.outcome IS NULL AND attempts.billing = 0
        """
      ).first(run.text) { row in row.int(0) }
      return Money(picodollars: sum ?? 0)
    }
  }

  package func budgetState(of run: RunID) throws(StoreError) -> BudgetState {
    try read { connection throws(StoreError) in
      try connection(
        "SELECT cap, latched FROM budgets JOIN runs ON runs.id = budgets.run WHERE runs.name = ?"
      ).first(run.text) { row in
        BudgetState(
          cap: row.optionalInt(0).map { Money(picodollars: $0) }, isLatched: row.flag(1))
      } ?? BudgetState()
    }
  }

  package func providerStates() throws(StoreError) -> [String: ProviderState] {
    try read { connection throws(StoreError) in
      let rows = try connection("SELECT name, state FROM providers")
        .all { row throws(StoreError) in (row.text(0), try row.json(ProviderState.self, 1)) }
      return Dictionary(rows) { $1 }
    }
  }

  package func spending(
    of run: RunID?, by axis: SpendingAxis, limit: Int
  ) throws(StoreError) -> [SpendingRow] {
    try read { connection throws(StoreError) in
      if axis == .item { return try connection.spendingByItem(of: run, limit: limit) }
      let name =
        switch axis {
        case .model, .item: "spend.model"
        case .step: "spend.step"
        case .day: "date(spend.day * 86400, 'unixepoch')"
        }
      let provider = axis == .model ? "spend.provider" : "NULL"
      return try connection.composed(
        """
        SELECT \(name), \(provider), billing, sum(calls), sum(input_tokens),
          sum(cache_read_tokens), sum(cache_write_tokens), sum(output_tokens),
          sum(reasoning_tokens), sum(cost)
        FROM spend JOIN runs ON runs.id = spend.run WHERE (?1 = '' OR runs.name = ?1)
        GROUP BY 1, 2, 3 ORDER BY \(axis == .day ? "1" : "10 DESC, 1") LIMIT ?2
        """
      ).all(run?.text ?? "", limit) { row throws(StoreError) in
        SpendingRow(
          name: row.text(0), provider: row.optionalText(1),
          billing: try row.coded(Provider.Billing.self, 2), calls: row.int(3),
          inputTokens: row.int(4), cacheReadTokens: row.int(5), cacheWriteTokens: row.int(6),
          outputTokens: row.int(7), reasoningTokens: row.int(8),
          cost: Money(picodollars: row.int(9)))
      }
    }
  }
}

extension Connection {
  /// The dearest items first; how many tokens each took stands with its attempts.
  fileprivate func spendingByItem(of run: RunID?, limit: Int) throws(StoreError) -> [SpendingRow] {
    try self(
      """
      SELECT items.key, attempts.billing, count(*), sum(attempts.cost) AS cost
      FROM attempts JOIN items ON items.id = attempts.item JOIN runs ON runs.id = attempts.run
      WHERE attempts.cost IS NOT NULL AND (?1 = '' OR runs.name = ?1)
      GROUP BY items.key, attempts.billing ORDER BY cost DESC, items.key LIMIT ?2
      """
    ).all(run?.text ?? "", limit) { row throws(StoreError) in
      SpendingRow(
        name: row.text(0), billing: try row.coded(Provider.Billing.self, 1), calls: row.int(2),
        cost: Money(picodollars: row.int(3)))
    }
  }
}
