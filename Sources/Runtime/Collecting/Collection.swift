// `collect`: a row of every item in one file, written when the run is finished.

import BatchDefinition
import BatchModel
import BatchStore
import DurableFiles
import Glibc

/// Gathers the rows of a finished run and publishes them as one file.
///
/// *Cost*: the rows go through a file in the run's folder; memory holds one page of items. The file
/// appears whole, and one that stood there with other content is kept as an object.
struct Collection {
  let collect: Collect
  let renderer: TemplateRenderer
  let files: any InputFiles
  let store: any StoreReading
  let objects: ObjectStore
  let publisher: ArtifactPublisher
  private static let pageRows = 1000
  private static let bufferBytes = 1 << 16

  /// - Parameter draft: the path at which the rows are gathered before they are published.
  /// - Returns: a sentence for each item whose row cannot be rendered.
  func publish(_ run: RunID, draft: String) throws -> [String] {
    let problems = try writeRows(of: run, to: draft)
    let object = try objects.seal(draft)
    try FileTree.remove(draft)
    let intent = PublishIntent(path: collect.path, object: object, replaces: .absent)
    if case .targetChanged = try publisher.publish(intent, overwriting: true) {
      return problems + ["\(collect.path): others write to it; the collected rows are not there"]
    }
    return problems
  }

  private func writeRows(of run: RunID, to path: String) throws -> [String] {
    let file = try Descriptor(opening: path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, mode: 0o600)
    let row = CollectRow(collect, renderer: renderer)
    var buffer = Array((row.header ?? "").utf8)
    var problems: [String] = []
    try forEachItem(of: run) { detail in
      do throws(TemplateError) {
        buffer += try line(for: detail, row).utf8
      } catch {
        problems.append("\(detail.row.key) is not in \(collect.path): \(error)")
      }
      guard buffer.count >= Self.bufferBytes else { return }
      try file.writeAll(buffer, path: path)
      buffer.removeAll(keepingCapacity: true)
    }
    try file.writeAll(buffer, path: path)
    return problems
  }

  private func forEachItem(of run: RunID, _ body: (ItemDetail) throws -> Void) throws {
    let order: ItemOrder = collect.order == .source ? .source : .age
    var query = ItemQuery(filter: ItemFilter(), order: order, limit: Self.pageRows)
    while true {
      let page = try store.page(query, of: run)
      for row in page.rows {
        if let detail = try store.detail(of: row.id) { try body(detail) }
      }
      guard page.hasLater, let last = page.rows.last else { return }
      query.start = .after(last.id)
    }
  }

  /// The item's row; empty for one that is left out.
  private func line(for detail: ItemDetail, _ row: CollectRow) throws(TemplateError) -> String {
    let values = values(of: detail)
    switch detail.row.state {
    case .done: return try row.line(for: values)
    case .skipped where [.unchanged, .olderRecipe].contains(detail.row.skipReason):
      return try row.line(for: values)
    case .failed, .skipped: return row.lineForFailed(values) ?? ""
    case .queued, .waiting, .running, .cancelled: return ""
    }
  }

  private func values(of detail: ItemDetail) -> TemplateValues {
    var results: [String: TemplateValues.StepResult] = [:]
    for receipt in detail.receipts {
      results[receipt.step] = TemplateValues.StepResult(
        candidate: receipt.candidate.map { objects.path(of: $0.digest) },
        artifact: receipt.artifacts.first?.path)
    }
    let files = files
    return TemplateValues(
      payload: detail.payload,
      fixed: [
        "key": .string(detail.row.key), "ordinal": .integer(detail.row.ordinal),
        "occurrence": .integer(Int64(detail.row.occurrence)),
      ], steps: results
    ) { path in try files.text(of: path) }
  }
}
