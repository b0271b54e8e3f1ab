// The JSON reader: what it accepts, and that it refuses everything else at its place.

import Foundation
import Resilience
import Testing

@testable import BatchModel

@Suite("The JSON reader")
struct JSONReaderTests {
  @Test(
    "A document becomes its value",
    arguments: [
      ("null", JSONValue.null), (" true ", .bool(true)), ("[false]", .array([.bool(false)])),
      ("0", .integer(0)), ("-0", .integer(0)), ("-12", .integer(-12)),
      ("9223372036854775807", .integer(.max)),
      ("9223372036854775808", .number(9.223372036854775808e18)),
      ("1.5e2", .number(150)), ("1E-2", .number(0.01)),
      (#""""#, .string("")), (#""aä€😀""#, .string("aä€😀")),
      (#""\"\\\/\b\f\n\r\t""#, .string("\"\\/\u{8}\u{c}\n\r\t")),
      (#""\u00e4\ud83d\ude00\u0000""#, .string("ä😀\u{0}")),
      (#""\ud83dx\udc00\ud83d\u0041""#, .string("\u{FFFD}x\u{FFFD}\u{FFFD}A")),
      ("{}", .object([:])), (#"{"a":1,"a":2}"#, .object(["a": .integer(2)])),
      (
        "\n[ 1 ,\t[ ] , { \"k\" : null } ]\r\n",
        .array([.integer(1), .array([]), .object(["k": .null])])
      ),
    ])
  func accepted(text: String, value: JSONValue) throws {
    #expect(try JSONReader.value(of: text) == value)
  }

  @Test(
    "Anything else is refused with the byte where it goes wrong",
    arguments: [
      ("", "the document ends too early", 0), ("  ", "the document ends too early", 2),
      ("nul", "expected a JSON value", 0), ("[1,]", "expected a JSON value", 3),
      ("{a:1}", "expected a member's name in quotes", 1),
      (#"{"a" 1}"#, #"expected ":" after a member's name"#, 5),
      (#"{"a":1 "b"}"#, #"expected "," or "}" after a member"#, 7),
      ("[1 2]", #"expected "," or "]" after an element"#, 3),
      ("01", "text after the document's end", 1), ("-", "expected a digit", 1),
      ("1.", "expected a digit after the decimal point", 2),
      ("1e", "expected a digit in the exponent", 2), ("+1", "expected a JSON value", 0),
      ("1e999", "the number 1e999 is too large", 5), ("NaN", "expected a JSON value", 0),
      (#""a"#, "a string is never closed", 2), (#""\x""#, "an unknown escape in a string", 3),
      (#""\u12"#, "a string is never closed", 3),
      (#""\u12g4""#, "expected four hexadecimal digits after \\u", 3),
      ("\"a\nb\"", "a control character in a string", 2),
    ])
  func refused(text: String, message: String, offset: Int) {
    #expect(throws: JSONReader.Mistake(message: message, offset: offset)) {
      try JSONReader.value(of: text)
    }
  }

  @Test("Deep nesting and bytes that are no UTF-8 are refused, not crashed on")
  func hostile() {
    let deep = String(repeating: "[", count: 100_000)
    #expect(throws: JSONReader.Mistake(message: "nested deeper than 256", offset: 256)) {
      try JSONReader.value(of: deep)
    }
    let invalid: [UInt8] = [34, 0xC3, 0x28, 34]
    #expect(throws: JSONReader.Mistake(message: "the text is not valid UTF-8", offset: 1)) {
      try JSONReader.value(of: invalid[...])
    }
  }

  @Test("What it reads it reads as Foundation does, for random documents and random damage")
  func agreesWithFoundation() throws {
    var random = SplitMix64(seed: 11)
    var refusedCount = 0
    for _ in 0..<2000 {
      var bytes = Array(Self.randomValue(depth: 0, &random).canonical.utf8)
      if Bool.random(using: &random), let index = bytes.indices.randomElement(using: &random) {
        bytes[index] = UInt8.random(in: 32...126, using: &random)
      }
      let text = String(decoding: bytes, as: UTF8.self)
      // What Foundation refuses has no value to compare with.
      let expected = try? JSONValue(parsing: text)
      let found = try? JSONReader.value(of: text)
      if expected == nil { refusedCount += 1 }
      #expect(found?.canonical == expected?.canonical, "\(text)")
    }
    #expect(refusedCount > 100)
  }

  private static func randomValue(depth: Int, _ random: inout SplitMix64) -> JSONValue {
    switch Int.random(in: 0...(depth < 3 ? 6 : 4), using: &random) {
    case 0: return .null
    case 1: return .bool(Bool.random(using: &random))
    case 2: return .integer(Int64.random(in: -1_000_000...1_000_000, using: &random))
    case 3: return .number(Double(Int.random(in: -999...999, using: &random)) / 8 + 0.0625)
    case 4:
      let scalars: [Character] = ["a", "\"", "\\", "ä", "😀", "\n", "/", "\u{1}"]
      return .string(
        String(
          (0..<Int.random(in: 0...6, using: &random)).map { _ in
            scalars[Int.random(in: 0..<scalars.count, using: &random)]
          }))
    case 5:
      return .array(
        (0..<Int.random(in: 0...4, using: &random)).map { _ in
          randomValue(depth: depth + 1, &random)
        })
    default:
      return .object(
        Dictionary(
          (0..<Int.random(in: 0...4, using: &random)).map {
            ("k\($0)", randomValue(depth: depth + 1, &random))
          }, uniquingKeysWith: { first, _ in first }))
    }
  }
}
