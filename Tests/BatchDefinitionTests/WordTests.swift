// Durations, shares and the nearest name.

import Testing

@testable import BatchDefinition

@Suite("Words of the definition")
struct WordTests {
  @Test(
    "A duration has numbers with units, the largest first",
    arguments: [
      ("250ms", Duration.milliseconds(250)), ("0s", .zero), ("10m", .seconds(600)),
      ("1h30m", .seconds(5400)), ("1d2h3m4s5ms", .milliseconds(93_784_005)), ("90s", .seconds(90)),
      ("366d", .seconds(366 * 86_400)),
    ])
  func durations(text: String, duration: Duration) {
    #expect(DurationText.duration(text) == duration)
  }

  @Test(
    "Anything else is no duration",
    arguments: [
      "", "10", "s", "10 s", "-1s", "1.5s", "1m1h", "1s1s", "1S", "1ms1s", "367d", "٣s",
      "9223372036854775807d", "1h 30m", "1w",
    ])
  func noDurations(text: String) { #expect(DurationText.duration(text) == nil) }

  @Test("A share is a percentage or a number from 0 to 1")
  func shares() {
    #expect(DurationText.share("20%") == 0.2)
    #expect(DurationText.share("0") == 0)
    #expect(DurationText.share("1") == 1)
    for text in ["", "%", "101%", "1.1", "-1%", "nan", "inf%", "20 %"] {
      #expect(DurationText.share(text) == nil, "\(text)")
    }
  }

  @Test(
    "The nearest name is a typing mistake away, or none is named",
    arguments: [
      ("timout", "timeout"), ("tiemout", "timeout"), ("Timeout", "timeout"), ("rnu", "run"),
      ("outputs", "output"), ("completely", nil), ("", nil), ("x", nil),
      (String(repeating: "t", count: 1000), nil),
    ])
  func nearest(word: String, name: String?) {
    #expect(NearestName.of(word, among: ["timeout", "run", "output", "stall"]) == name)
  }
}
