// One failed item of a group: its words whole, with the parts marked that differ from item to item.

import BatchModel
import Canvas
import Resilience

enum SamplesView {
  /// `G-07, sample 2 of 31`.
  static func status(_ browsing: SampleBrowsing, _ model: DashboardModel) -> [Span] {
    guard let group = model.group(of: browsing.signature) else { return [] }
    guard !browsing.samples.isEmpty else { return [Span(group.name, .fail)] }
    let all = max(group.count, browsing.samples.count)
    return [
      Span(group.name, .fail), Span(", sample \(browsing.index + 1) of \(Wording.count(all))"),
    ]
  }

  static func draw(
    _ browsing: SampleBrowsing, _ scene: Scene, _ canvas: inout Canvas, _ rect: Rect
  ) {
    let body = rect.inset(left: 1)
    guard let sample = browsing.current else {
      let back = scene.model.key(.back)
      let text =
        browsing.isLoaded
        ? "no item stands failed with it any more; \(back) goes back" : "reading it"
      canvas.write([Span(text, .muted)], in: body.line(0), scene)
      return
    }
    let name = SafeText(ItemFacts.name(sample.row))
    canvas.write(name, in: body.line(0), style: scene[.title], cut: .middle)
    canvas.write(facts(sample, scene.model), in: body.line(1), scene)
    let foot = foot(browsing, scene)
    let footRows = body.rows >= 6 ? foot.count : 0
    drawMessage(
      VaryingParts.split(sample.message, by: browsing.signature), scene, &canvas,
      body.inset(top: 2, bottom: footRows))
    for (index, line) in foot.suffix(footRows).enumerated() {
      canvas.write(line, in: body.line(body.rows - footRows + index), scene)
    }
  }

  /// `FAIL at write, 4 tries, $0.02, 0:12 ago`.
  private static func facts(_ sample: FailureSample, _ model: DashboardModel) -> [Span] {
    let row = sample.row
    let tries = row.tries == 1 ? "1 try" : "\(Wording.count(row.tries)) tries"
    let cost = sample.cost.map { ", " + Wording.sum($0) } ?? ""
    let age = Wording.duration(row.since.duration(to: model.shownAt))
    return [
      Span(Wording.state(row.state), .of(row.state)),
      Span(" at \(model.stepName(row.step)), \(tries)\(cost)"), Span(", \(age) ago", .muted),
    ]
  }

  private static func foot(_ browsing: SampleBrowsing, _ scene: Scene) -> [[Span]] {
    guard let group = scene.model.group(of: browsing.signature) else { return [] }
    let model = scene.model
    let keys = [
      Span("\(model.key(.nextMatch)) \(model.key(.previousMatch))", .key), Span(" step  "),
      Span(model.key(.retry), .key), Span(" retry it  "),
      Span(model.key(.open), .key), Span(" all in the queue  "),
      Span(model.key(.back), .key), Span(" groups"),
    ]
    return [[Span("to do: ", .muted), Span(group.suggestion)], keys]
  }

  /// The message over as many lines as there are, broken wherever a line is full.
  private static func drawMessage(
    _ pieces: [(text: String, varies: Bool)], _ scene: Scene, _ canvas: inout Canvas, _ rect: Rect
  ) {
    var (row, column) = (0, 0)
    for piece in pieces {
      for glyph in SafeText(piece.text, columnsMax: 4096).glyphs {
        if column + Int(glyph.width) > rect.columns { (row, column) = (row + 1, 0) }
        guard row < rect.rows else { return }
        canvas.put(
          glyph, row: rect.row + row, column: rect.column + column,
          style: scene[piece.varies ? .match : .text])
        column += Int(glyph.width)
      }
    }
  }
}
