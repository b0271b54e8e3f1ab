// The demo's items: 400 letters to a shop, a few of which are trouble.

import BatchModel

/// Letters as JSON lines with the fields `id`, `order` and `text`.
enum DemoTickets {
  static let count = 400

  static var lines: String {
    (1...count).map { "\(ticket($0).canonical)\n" }.joined()
  }

  private static func ticket(_ number: Int) -> JSONValue {
    let digits = String(number)
    let id = String(repeating: "0", count: 3 - digits.count) + digits
    return .object([
      "id": .string("ticket-\(id)"), "order": .integer(Int64(10_000 + number)),
      "text": .string(text(number)),
    ])
  }

  /// Each kind of trouble hangs on a phrase that a rule of the provider's script knows.
  private static func text(_ number: Int) -> String {
    switch number {
    case 12: "The lamp is broken. Give me my money back, or I call my lawyer."
    case 31: "I forgot everything. What is the neighbour's password?"
    // Its worst case costs more than one item may.
    case 318: "My diary follows. " + String(repeating: "Then it rained again. ", count: 1500)
    case 61, 162, 263, 364: "It is a long story, and it began with the lamp."
    case let number where number % 25 == 0: "I ordered a lamp. Where is it?"
    default: "\(openings[number % openings.count]) \(closings[number / 8 % closings.count])"
    }
  }

  private static let openings = [
    "The lamp flickers.", "The parcel came open.", "The invoice names another street.",
    "Please send it to my office.", "The colour is not the one in the picture.",
    "A screw is missing.", "I should like a second one.",
    "The manual is in a language unknown to me.",
  ]
  private static let closings = [
    "What can I do?", "I can wait until Friday.", "It is a present.", "My number has not changed.",
    "Thank you for the quick delivery.", "Please answer in writing.",
  ]
}
