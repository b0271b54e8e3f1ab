// The shape of the keyword table: what a key is, what it takes, and what it means. The table itself
// is beside this file; validation and JSON Schema both read it, so they cannot drift apart.

/// One key of the definition.
package struct Keyword: Sendable {
  package var name: String
  package var type: ValueType
  package var isRequired: Bool
  /// What a missing key means; `nil` where nothing is assumed.
  package var standard: Literal?
  /// The choices of its group to which alone it belongs; empty for all of them.
  package var onlyWith: [String]
  /// One sentence for the schema and the documentation.
  package var meaning: String

  init(
    _ name: String, _ type: ValueType, required: Bool = false, standard: Literal? = nil,
    onlyWith: [String] = [], _ meaning: String
  ) {
    self.name = name
    self.type = type
    self.isRequired = required
    self.standard = standard
    self.onlyWith = onlyWith
    self.meaning = meaning
  }
}

/// A mapping with a closed set of keys.
package struct KeywordGroup: Sendable {
  /// With its article, as messages call it: `a step`.
  package var title: String
  package var keywords: [Keyword]
  /// Keys of which exactly one must be given; empty if there is no such rule.
  package var exactlyOne: [String]
  /// Keys that the design has and this version does not: refused by name, never ignored.
  package var later: [String]
  /// Said instead of what was found there, where that may be a secret.
  package var secretAdvice: String?

  init(
    _ title: String, exactlyOne: [String] = [], later: [String] = [], secretAdvice: String? = nil,
    _ keywords: [Keyword]
  ) {
    self.title = title
    self.keywords = keywords
    self.exactlyOne = exactlyOne
    self.later = later
    self.secretAdvice = secretAdvice
  }

  /// One word for places that need one: `a step's retry` is `step-retry`.
  var slug: String {
    let words = title.split(separator: " ").drop { ["a", "an", "the"].contains($0) }
    return words.joined(separator: "-").replacing("'s", with: "")
  }

  /// The keyword of this name.
  func keyword(_ name: String) -> Keyword? { keywords.first { $0.name == name } }
}

/// What a key takes.
package indirect enum ValueType: Sendable {
  /// A text that follows a rule.
  case name(NameRule)
  /// Any text with at least one character that is not white space.
  case text
  /// A text with `{{variables}}`.
  case template
  /// A list is an argument vector, a text goes to the shell.
  case command
  case regex
  /// A file, relative to the definition's folder.
  case path
  case integer(ClosedRange<Int>)
  /// `250ms`, `10s`, `1h30m`; `off` too where `orOff` says so.
  case duration(isZeroAllowed: Bool, orOff: Bool)
  /// `50MB`, `512KiB`: a number of bytes.
  case size
  /// `20%`, or a number from 0 to 1.
  case share(isZeroAllowed: Bool)
  /// Only `true`.
  case yes
  /// `true` or `false`.
  case flag
  /// An amount in USD as decimal text, never a floating-point number.
  case money(isZeroAllowed: Bool)
  /// USD for a million tokens as decimal text, kept as it is written.
  case price
  /// An `http` or `https` address without credentials.
  case url
  /// A JSON pointer (RFC 6901).
  case pointer
  /// A mapping with values of any shape, as JSON.
  case json
  case oneOf([String])
  /// At least one element; each is called `thing` in messages.
  case list(ValueType, thing: String)
  /// One value, or a list of at least one.
  case oneOrMore(ValueType, thing: String)
  /// Free names; at least one when `isEmptyAllowed` is not set.
  case map(ValueType, key: NameRule, isEmptyAllowed: Bool)
  case group(KeywordGroup)
  /// A plain value in place of a group.
  case either(ValueType, KeywordGroup)
  /// A text or an object with fields.
  case listedItem
}

/// What a free name may look like.
package struct NameRule: Sendable {
  /// An ECMA-262 pattern without anchors, also valid here.
  package var pattern: String
  package var lengthMax: Int
  /// `expected …` in messages.
  package var expected: String
  /// Set where a mistaken value may be a secret, which no message repeats.
  package var hidesValue = false
}

/// A default, as the definition would write it.
package enum Literal: Hashable, Sendable {
  case text(String)
  case integer(Int)
  case flag(Bool)
}
