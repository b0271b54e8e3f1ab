// One line of the object that an `items.enqueued` event names: a new item, a changed one, or one
// that only stands elsewhere.

import BatchModel

/// What the source says of one item.
///
/// On a new run the lines are plain `SourceItem`s.
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
  private(set) var payload: [UInt8] = []
  /// Canonical JSON of the keys; empty when there are none.
  private(set) var after: [UInt8] = []

  init() { key = "" }

  init(key: String, payload: JSONValue, after: [String], using writer: inout JSONBytes) {
    self.init()
    set(SourceItem(key: key, payload: payload, after: after), using: &writer)
  }

  /// Takes the place of another item, in the same memory.
  mutating func set(_ item: SourceItem, using writer: inout JSONBytes) {
    key = item.key
    payload.removeAll(keepingCapacity: true)
    writer.append(item.payload, to: &payload)
    after.removeAll(keepingCapacity: true)
    guard !item.after.isEmpty else { return }
    writer.append(.array(item.after.map { .string($0) }), to: &after)
  }

  private static let afterMember = Array("{\"after\":".utf8)
  private static let keyMember = Array(",\"key\":".utf8)
  private static let firstKeyMember = Array("{\"key\":".utf8)
  private static let payloadMember = Array(",\"payload\":".utf8)
  private static let none = Array("[]".utf8)

  /// Appends the item's line; `occurrence` and `ordinal` where they do not follow by themselves.
  func appendLine(to lines: inout [UInt8], occurrence: Int? = nil, ordinal: Int64? = nil) {
    lines += Self.afterMember
    lines += after.isEmpty ? Self.none : after
    lines += Self.keyMember
    JSONBytes.append(key, to: &lines)
    Self.appendPlace(to: &lines, occurrence: occurrence, ordinal: ordinal)
    lines += Self.payloadMember
    lines += payload
    lines.append(UInt8(ascii: "}"))
    lines.append(0x0a)
  }

  /// Appends a line that only moves the item.
  static func appendMove(
    of key: String, occurrence: Int, to ordinal: Int64, lines: inout [UInt8]
  ) {
    lines += firstKeyMember
    JSONBytes.append(key, to: &lines)
    appendPlace(to: &lines, occurrence: occurrence, ordinal: ordinal)
    lines.append(UInt8(ascii: "}"))
    lines.append(0x0a)
  }

  private static func appendPlace(to lines: inout [UInt8], occurrence: Int?, ordinal: Int64?) {
    if let occurrence { lines += ",\"occurrence\":\(occurrence)".utf8 }
    if let ordinal { lines += ",\"ordinal\":\(ordinal)".utf8 }
  }
}
