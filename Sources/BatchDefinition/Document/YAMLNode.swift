// A YAML document as plain values with their places, independent of the library that read it.

/// A node of a YAML document.
struct YAMLNode {
  indirect enum Content {
    case scalar(String, style: Style)
    case sequence([YAMLNode])
    /// In the order of the text, without repeated keys.
    case mapping([Entry])
  }
  enum Style {
    case plain, quoted, block
  }
  struct Entry {
    var key: String
    var keyPosition: Position
    var value: YAMLNode
  }
  var content: Content
  var position: Position

  /// Whether nothing was written: an empty value, `~` or `null`.
  var isNull: Bool {
    guard case .scalar(let text, .plain) = content else { return false }
    return ["", "~", "null", "Null", "NULL"].contains(text)
  }

  /// What it is, as a message calls it.
  var kindName: String {
    switch content {
    case _ where isNull: "nothing"
    case .scalar(let text, _): "\"\(text.prefix(40))\(text.count > 40 ? "…" : "")\""
    case .sequence: "a list"
    case .mapping: "a mapping"
    }
  }
}
