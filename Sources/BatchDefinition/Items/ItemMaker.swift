// From an entry's fields to an item: its key, and what has to be done before it.

import BatchModel

/// Renders `key` and `after`.
struct ItemMaker {
  /// Why an entry is no item.
  enum Refusal: Error {
    case template(TemplateError)
    case emptyKey
    case longKey(bytes: Int)
    case after(String)

    var message: String {
      switch self {
      case .template(let error): error.message
      case .emptyKey: "the key is empty; expected a text that identifies the item"
      case .longKey(let bytes):
        "the key has \(bytes) bytes; expected at most \(RecordLimits.keyBytesMax)"
      case .after(let problem):
        "\"after\" gives no JSON array of keys: \(problem); expected such an array, or one key a line"
      }
    }
  }

  let source: ItemSource
  let renderer: TemplateRenderer

  func item(_ payload: JSONValue) throws(Refusal) -> SourceItem {
    let key = try key(of: payload)
    guard let after = source.after else { return SourceItem(key: key, payload: payload) }
    let values = TemplateValues(
      payload: payload, fixed: ["key": .string(key)], readText: Self.noText)
    return SourceItem(key: key, payload: payload, after: try keys(render(after, with: values)))
  }

  private func key(of payload: JSONValue) throws(Refusal) -> String {
    guard let template = source.key else { return defaultKey(of: payload) }
    let key = try render(template, with: TemplateValues(payload: payload, readText: Self.noText))
    guard !key.trimmingWhitespace.isEmpty else { throw .emptyKey }
    guard key.utf8.count <= RecordLimits.keyBytesMax else { throw .longKey(bytes: key.utf8.count) }
    return key
  }

  /// The path or the line itself, or the row's canonical JSON; a long one is cut, and its digest keeps it
  /// apart from others that begin the same way.
  private func defaultKey(of payload: JSONValue) -> String {
    let key: String
    switch source.kind {
    case .glob: key = payload["path"]?.string ?? payload.canonical
    case .lines, .command: key = payload["line"]?.string ?? payload.canonical
    case .list: key = ListReader.text(of: payload) ?? payload.canonical
    case .jsonl, .csv: key = payload.canonical
    }
    if case .glob = source.kind { return key }
    guard key.utf8.count > RecordLimits.defaultKeyBytesMax else { return key }
    let bytes = key.utf8.prefix(RecordLimits.defaultKeyBytesMax)
    var end = bytes.endIndex
    while end.samePosition(in: key.unicodeScalars) == nil { end = key.utf8.index(before: end) }
    return key[..<end] + "…" + Digest(of: key).hex.prefix(16)
  }

  private func render(
    _ template: Template, with values: TemplateValues
  ) throws(Refusal) -> String {
    do throws(TemplateError) {
      return try renderer.render(template, with: values)
    } catch {
      throw .template(error)
    }
  }

  private func keys(_ text: String) throws(Refusal) -> [String] {
    let trimmed = text.trimmingWhitespace
    guard trimmed.hasPrefix("[") else {
      return trimmed.split(whereSeparator: \.isNewline).map(\.trimmingWhitespace)
        .filter { !$0.isEmpty }
    }
    do throws(JSONReader.Mistake) {
      guard case .array(let elements) = try JSONReader.value(of: trimmed) else { return [] }
      return elements.map(\.rendered)
    } catch {
      throw .after(error.message)
    }
  }

  /// The loader lets no key refer to a file's text.
  private static let noText: @Sendable (String) throws -> String = { _ in "" }
}
