// What names, logs and answers may hold to take a terminal over, and how it is known that they did
// not.

import Testing

enum Hostile {
  /// A number that no drawing of ours has a reason to send.
  private static let sign = "31337"

  static let texts = [
    "\u{1B}[31337mpainted\u{1B}[0m", "\u{1B}[31337;1Hmoved", "\u{1B}[2J\u{1B}[31337Jerased",
    "\u{1B}]0;31337 title\u{7}", "\u{1B}]52;c;MzEzMzc=\u{7}", "\u{1B}]52;c;MzEzMzc=\u{1B}\\",
    "\u{1B}]8;;http://31337.example\u{1B}\\link", "\u{1B}P+q31337\u{1B}\\", "\u{1B}_31337\u{1B}\\",
    "\u{1B}^31337\u{1B}\\", "\u{1B}c", "\u{1B}[31337n", "\u{1B}[6n", "\u{1B}[>31337c", "\u{1B}#8",
    "\u{9B}31337m", "\u{9D}0;31337\u{9C}", "\u{90}31337\u{9C}", "\u{85}\u{8D}\u{84}",
    "token\u{202E}tfiws.exe", "\u{2066}a\u{2069}", "a\u{200B}b\u{2060}c\u{FEFF}d\u{200D}e",
    "\u{061C}\u{200E}\u{200F}", "\u{E0041}\u{E007F}", "\u{AD}", "one\r\ntwo\ttwo\u{8}\u{8}three",
    "\u{0}\u{7}\u{E}\u{F}\u{7F}", "a\u{301}\u{302}\u{303}\u{304}\u{305}", "日本\u{202E}語",
  ]

  private static let pool: [Unicode.Scalar] = [
    "\u{1B}", "\u{1B}", "\u{1B}", "[", "]", "P", "_", "^", "\\", ";", ":", "?", ">", "!", "0", "5",
    "2", "c", "m", "H", "J", "h", "l", "n", "q", "\u{7}", "\u{8}", "\t", "\r", "\n", "\u{E}",
    "\u{F}", "\u{18}", "\u{1A}", "\u{7F}", "\u{85}", "\u{90}", "\u{9B}", "\u{9C}", "\u{9D}",
    "\u{AD}", "\u{301}", "\u{061C}", "\u{200B}", "\u{200D}", "\u{202E}", "\u{2066}", "\u{FEFF}",
    "\u{FE0F}", "\u{E0041}", "日", "🙂", "é", "a", " ",
  ]

  static func mixture(_ random: inout some RandomNumberGenerator) -> String {
    var text = String.UnicodeScalarView()
    for _ in 0..<Int.random(in: 1...60, using: &random) {
      text.append(pool.randomElement(using: &random) ?? " ")
    }
    return String(text)
  }

  /// The same, with bytes that are no UTF-8: cut, overlong, surrogates, beyond Unicode, C1 as they are.
  static func bytes(_ random: inout some RandomNumberGenerator) -> [UInt8] {
    let broken: [[UInt8]] = [
      [0xC0, 0x9B], [0xE0, 0x80, 0x9B], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0x9B],
      [0x9D],
      [0xFF], [0xE2, 0x80], [0xF0, 0x9F, 0x99],
    ]
    var bytes = Array(mixture(&random).utf8)
    for _ in 0..<Int.random(in: 0...8, using: &random) {
      let place = Int.random(in: 0...bytes.count, using: &random)
      bytes.insert(contentsOf: broken.randomElement(using: &random) ?? [], at: place)
    }
    return bytes
  }

  static func expectHarmless(_ output: String, from text: String) {
    let stream = Stream(output)
    let name = "\(text.debugDescription): \(output.debugDescription)"
    #expect(stream.strangeSequences == [], "from \(name)")
    #expect(stream.dangerousScalars == [], "from \(name)")
    #expect(!stream.sequences.contains { $0.contains(sign) }, "from \(name)")
  }
}
