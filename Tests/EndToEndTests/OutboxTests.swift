// The outbox from end to end: a real engine, a real HTTP sink that dies, and kill -9.

import Foundation
import Resilience
import Testing

@Suite(.turn) struct OutboxTests {
  /// The kinds that a sink gets; the others are the ledger's own affair.
  private static let silent: Set<String> = [
    "attempt.launched", "result.recorded", "result.held", "step.publishing",
  ]

  private struct Entry: Decodable {
    struct Event: Decodable {
      var type: String
    }
    var sequence: Int64
    var event: Event
    var type: String { event.type }
  }

  private struct Outbox: Decodable {
    var pending: Int
    var delivered: Int
    var failed: Int
    var lost: Int
    var health: String
    var trouble: String
    var sink: String
  }

  private static func folder(items: Int, sink: String, more: String = "") throws -> BatchFolder {
    let folder = try BatchFolder()
    try folder.write((1...items).map { "i\($0)\n" }.joined(), to: "in.txt")
    try folder.define(
      """
      items: {lines: in.txt}
      steps: [{id: one, run: 'echo {{line}}', output: "out/{{line}}"}]
      checks: [{nonempty: true}]
      parallel: 4
      events: {sink: "\(sink)"\(more)}
      """)
    return folder
  }

  private static func ledger(_ folder: BatchFolder) async throws -> [Entry] {
    let ended = try await folder.footplate("ledger", "--json")
    #expect(ended.status == 0, "\(ended)")
    return try ended.lines.map { try JSONDecoder().decode(Entry.self, from: Data($0.utf8)) }
  }

  private static func outbox(_ folder: BatchFolder, _ more: String...) async throws -> Outbox {
    let ended = try await folder.start(["sync", "--json"] + more).wait()
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(Outbox.self, from: Data(ended.output.utf8))
  }

  /// What the sink has, without repeats, is what the ledger says, in its order.
  private static func expectWhole(_ sink: SinkServer, _ folder: BatchFolder) async throws {
    let wanted = try await ledger(folder).filter { !silent.contains($0.type) }
    var known: Set<String> = []
    let events = sink.events.filter { known.insert($0.id).inserted }
    #expect(events.count == wanted.count)
    #expect(events.map { Int64($0.sequence) } == wanted.map(\.sequence))
    #expect(events.map(\.type) == wanted.map { "footplate.\($0.type)" })
  }

  @Test("A run's events reach the sink as they happen, each once, in the ledger's order")
  func delivered() async throws {
    let sink = try SinkServer()
    let folder = try Self.folder(items: 50, sink: sink.url)
    let ended = try await folder.footplate("run", "--headless")
    #expect(ended.status == 0, "\(ended)")
    #expect(!ended.complaints.contains("sink"), "\(ended)")
    try await Self.expectWhole(sink, folder)
    #expect(Set(sink.events.map(\.id)).count == sink.events.count)
    #expect(sink.types == ["application/cloudevents-batch+json; charset=utf-8"])
    #expect(sink.events.contains { $0.subject == "i7" && $0.type == "footplate.step.done" })
    let figures = try await Self.outbox(folder)
    #expect(figures.pending == 0 && figures.failed == 0 && figures.lost == 0)
    #expect(figures.delivered == sink.events.count)
    let status = try await folder.footplate("status", "--json")
    #expect(status.output.contains("\"outbox\""))
  }

  @Test("A sink that is dead for half of a run, and kill -9 twice, lose no event and double none")
  func deadAndKilled() async throws {
    let sink = try SinkServer()
    let items = BatchSize.of(1_200, full: 10_000)
    let folder = try Self.folder(items: items, sink: sink.url)
    let kills = [items / 4, items * 2 / 3]
    for target in kills {
      let engine = try folder.start(["run", "--headless"])
      try await eventually("\(target) are done", within: 120) {
        if Files.tree("\(folder.path)/out").count >= target / 2 { sink.die() }
        return engine.hasEnded || Files.tree("\(folder.path)/out").count >= target
      }
      engine.send(SIGKILL)
      _ = try await engine.wait()
      if target == kills[1] { try sink.rise() }
    }
    let last = try await folder.footplate("run", "--headless", seconds: 300)
    #expect(last.status == 0, "\(last)")
    let figures = try await Self.outbox(folder, "--now")
    #expect(figures.pending == 0 && figures.failed == 0 && figures.lost == 0)
    try await Self.expectWhole(sink, folder)
    let verified = try await folder.footplate("ledger", "--verify")
    #expect(verified.status == 0, "\(verified)")
  }

  @Test(
    "The CloudEvents SDK from PyPI reads every event that a sink gets",
    .enabled(
      if: CloudEventsReader.isWanted, "FOOTPLATE_TEST_CLOUDEVENTS=1 installs it with pip"))
  func readBySDK() async throws {
    let sink = try SinkServer()
    let folder = try Self.folder(items: 60, sink: sink.url)
    try folder.write("ä \u{1F682} \"x\"\nlast\n", to: "in.txt")
    let ended = try await folder.footplate("run", "--headless")
    #expect(ended.status == 0, "\(ended)")
    let ids = try await CloudEventsReader.ids(of: sink.bodies, in: folder)
    #expect(!ids.isEmpty && ids == sink.events.map(\.id))
  }

  @Test("A run with a dead sink ends as usual; sync --now delivers when it is back")
  func deadAllAlong() async throws {
    let sink = try SinkServer()
    sink.die()
    let folder = try Self.folder(items: 20, sink: sink.url)
    let ended = try await folder.footplate("run", "--headless")
    #expect(ended.status == 0, "\(ended)")
    #expect(ended.complaints.contains("sync --now"), "\(ended)")
    let refused = try await folder.footplate("sync", "--now")
    #expect(refused.status == 75, "\(refused)")
    #expect(refused.output.contains("nothing listens"), "\(refused)")
    try sink.rise()
    let synced = try await folder.footplate("sync", "--now")
    #expect(synced.status == 0, "\(synced)")
    try await Self.expectWhole(sink, folder)
  }

  @Test(
    "A sink that answers nonsense, nothing, a redirect or a refusal leaves the run alone",
    arguments: [SinkMood.garbage, .silent, .status(302), .status(500), .status(401)])
  func hostile(mood: SinkMood) async throws {
    let sink = try SinkServer()
    sink.become(mood)
    let folder = try Self.folder(items: 10, sink: sink.url, more: ", timeout: 1s")
    let ended = try await folder.footplate("run", "--headless", seconds: 60)
    #expect(ended.status == 0, "\(ended)")
    #expect(sink.posts > 0)
    let figures = try await Self.outbox(folder)
    #expect(figures.pending > 0 && figures.failed == 0 && figures.delivered == 0)
    sink.become(.well)
    #expect(try await Self.outbox(folder, "--now").pending == 0)
    try await Self.expectWhole(sink, folder)
  }

  @Test("What waits stays within its bound, and what is lost by that is counted and told")
  func bounded() async throws {
    let sink = try SinkServer()
    sink.die()
    let folder = try Self.folder(items: 1_500, sink: sink.url, more: ", spool: 1MB")
    let ended = try await folder.footplate("run", "--headless")
    #expect(ended.status == 0, "\(ended)")
    let wanted = try await Self.ledger(folder).filter { !Self.silent.contains($0.type) }
    try sink.rise()
    let figures = try await Self.outbox(folder, "--now")
    #expect(figures.pending == 0 && figures.lost > 0)
    #expect(figures.delivered + figures.lost == wanted.count)
    #expect(sink.events.count == figures.delivered)
    // What weighs little went first: every item's end is there.
    #expect(sink.events.count { $0.type == "footplate.step.done" } == 1_500)
    #expect(sink.events.count { $0.type == "footplate.attempt.started" } < 1_500)
    let told = try await folder.footplate("sync")
    #expect(told.output.contains("\(figures.lost) events were lost"), "\(told)")
  }

  @Test("One event that the sink refuses is set aside alone; a batch that is too large is cut")
  func refused() async throws {
    let sink = try SinkServer()
    sink.become(.refusing(subject: "i13"))
    let folder = try Self.folder(items: 40, sink: sink.url)
    let ended = try await folder.footplate("run", "--headless")
    #expect(ended.status == 0, "\(ended)")
    var figures = try await Self.outbox(folder, "--now")
    let wanted = try await Self.ledger(folder).filter { !Self.silent.contains($0.type) }
    #expect(figures.pending == 0)
    #expect(figures.failed > 0 && figures.failed < 6)
    #expect(sink.events.count + figures.failed == wanted.count)
    #expect(!sink.events.contains { $0.subject == "i13" })
    sink.become(.atMost(3))
    try folder.write("x1\nx2\nx3\n", to: "in.txt")
    try await folder.footplate("run", "--headless")
    figures = try await Self.outbox(folder, "--now")
    #expect(figures.pending == 0)
    #expect(sink.events.contains { $0.subject == "x3" })
  }

  @Test("Secrets stay out of what is delivered, and the sink's key is sent as a bearer token")
  func secrets() async throws {
    let sink = try SinkServer()
    let folder = try BatchFolder()
    try folder.define(
      """
      items: {list: ["hunter2-hunter2"]}
      steps: [{id: one, run: 'echo "sk-abcdefghijklmnopqrstuvwx hunter2-hunter2"; exit 3'}]
      retry: {attempts: 1}
      events: {sink: "\(sink.url)", key: {env: SINK_TOKEN}}
      """)
    let ended = try await folder.footplate(
      "run", "--headless",
      environment: ["SINK_TOKEN": "token-for-the-sink", "APP_PASSWORD": "hunter2-hunter2"])
    #expect(ended.status == 1, "\(ended)")
    #expect(sink.authorizations == ["Bearer token-for-the-sink"])
    let all = sink.bodies.map { String(decoding: $0, as: UTF8.self) }.joined()
    #expect(all.contains("footplate.item.moved"))
    for secret in ["hunter2-hunter2", "sk-abcdefghijklmnopqrstuvwx", "token-for-the-sink"] {
      #expect(!all.contains(secret), "\(secret)")
    }
    let without = try await folder.footplate("run", "--headless", "--retry-failed")
    #expect(without.status == 1 && without.complaints.contains("SINK_TOKEN"), "\(without)")
  }

  @Test("sync --now on a running engine makes it deliver at once, whatever pause it is in")
  func hurry() async throws {
    let sink = try SinkServer()
    sink.die()
    let folder = try Self.folder(items: 3, sink: sink.url)
    try folder.define(
      """
      items: {lines: in.txt}
      steps: [{id: one, run: 'sleep 30; echo {{line}}'}]
      events: {sink: "\(sink.url)"}
      """)
    let engine = try folder.start(["run", "--headless"])
    try await eventually("the sink is left alone", within: 30) {
      Files.text("\(folder.path)/.footplate/gauges.json").contains("\"health\":\"open\"")
    }
    try sink.rise()
    let figures = try await Self.outbox(folder, "--now")
    #expect(figures.pending == 0 && figures.health == "well", "\(figures)")
    #expect(!sink.events.isEmpty)
    try await folder.footplate("stop", "--now")
    _ = try await engine.wait()
  }
}
