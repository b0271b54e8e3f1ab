// What a screen asks of a store: of the run's, or of the past's that was made from its ledger.

import BatchModel
import BatchStore
import Dashboard
import Runtime

/// Answers the questions that a store alone can answer.
struct StoreQuestions: Sendable {
  let layout: WorkspaceLayout
  let store: any StoreReading
  let run: RunID

  var texts: ItemTexts { ItemTexts(layout: layout, store: store, run: run) }

  /// `nil` for a command that is no such question.
  func answer(to command: DashboardCommand) throws -> Message? {
    switch command {
    case .fetchPage(let query): .page(try store.page(query, of: run), for: query)
    case .fetchDetail(let item): .detail(try store.detail(of: item), for: item)
    case .fetchTab(let item, let tab): .tab(item, tab, texts.text(of: item, tab))
    case .fetchSamples(let signature, let limit):
      .samples(try texts.samples(of: signature, limit: limit), of: signature)
    case .fetchSpending:
      .spending(
        SpendingFigures(
          models: try store.spending(of: run, by: .model, limit: 20),
          steps: try store.spending(of: run, by: .step, limit: 20)))
    case .collectMarks(let query, let limit): try marks(query, limit)
    default: nil
    }
  }

  private func marks(_ query: ItemQuery, _ limit: Int) throws -> Message {
    var query = query
    query.start = .first
    query.limit = limit
    let page = try store.page(query, of: run)
    return .marked(
      page.rows.map { MarkedItem(id: $0.id, key: $0.key) }, for: query.filter,
      isComplete: !page.hasLater)
  }

  /// The newest attempt that an item had.
  func newestAttempt(of item: ItemID) throws -> AttemptID? {
    try store.newestAttempt(of: item)
  }
}
