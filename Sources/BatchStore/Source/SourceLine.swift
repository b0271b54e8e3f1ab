// One line of the object that an `items.enqueued` event names: a new item, a changed one, or one
// that only stands elsewhere.

import BatchModel

/// What the source says of one item. On a new run the lines are plain `SourceItem`s.
struct SourceLine: Decodable {
  var key: String
  /// `nil`: a new item, the next one with this key.
  var occurrence: Int?
  /// `nil`: right after the item before it.
  var ordinal: Int64?
  /// `nil`: only its place has changed.
  var payload: JSONValue?
  var after: [String]

  private enum Member: String, CodingKey { case key, occurrence, ordinal, payload, after }

  init(from decoder: any Decoder) throws {
    let members = try decoder.container(keyedBy: Member.self)
    key = try members.decode(String.self, forKey: .key)
    occurrence = try members.decodeIfPresent(Int.self, forKey: .occurrence)
    ordinal = try members.decodeIfPresent(Int64.self, forKey: .ordinal)
    // A payload may be `null`, which is not the same as none.
    payload =
      members.contains(.payload) ? try members.decode(JSONValue.self, forKey: .payload) : nil
    after = try members.decodeIfPresent([String].self, forKey: .after) ?? []
  }
}

/// An item of the source in the form in which it is compared and stored.
struct EncodedItem {
  var key: String
  /// Canonical JSON.
  var payload: [UInt8]
  /// Canonical JSON of the keys; `nil` when there are none.
  var after: [UInt8]?

  init(_ item: SourceItem, using writer: inout JSONBytes) {
    self.init(key: item.key, payload: item.payload, after: item.after, using: &writer)
  }

  init(key: String, payload: JSONValue, after: [String], using writer: inout JSONBytes) {
    self.key = key
    var bytes: [UInt8] = []
    writer.append(payload, to: &bytes)
    self.payload = bytes
    guard !after.isEmpty else { return }
    bytes = []
    writer.append(.array(after.map { .string($0) }), to: &bytes)
    self.after = bytes
  }

  /// Appends the item's line; `occurrence` and `ordinal` where they do not follow by themselves.
  func appendLine(to lines: inout [UInt8], occurrence: Int? = nil, ordinal: Int64? = nil) {
    lines += "{\"after\":".utf8
    lines += after ?? Array("[]".utf8)
    lines += ",\"key\":".utf8
    JSONBytes.append(key, to: &lines)
    Self.appendPlace(to: &lines, occurrence: occurrence, ordinal: ordinal)
    lines += ",\"payload\":".utf8
    lines += payload
    lines += "}\n".utf8
  }

  /// Appends a line that only moves the item.
  static func appendMove(
    of key: String, occurrence: Int, to ordinal: Int64, lines: inout [UInt8]
  ) {
    lines += "{\"key\":".utf8
    JSONBytes.append(key, to: &lines)
    appendPlace(to: &lines, occurrence: occurrence, ordinal: ordinal)
    lines += "}\n".utf8
  }

  private static func appendPlace(to lines: inout [UInt8], occurrence: Int?, ordinal: Int64?) {
    if let occurrence { lines += ",\"occurrence\":\(occurrence)".utf8 }
    if let ordinal { lines += ",\"ordinal\":\(ordinal)".utf8 }
  }
}
