// The past as a place: the band that says when this was, and the scrubber that says where it lies in
// the run.

import BatchModel
import Canvas
import Resilience

enum ReplayView {
  /// `REPLAY 02:14:07 (-3h41)`; while it plays, how fast.
  static func banner(_ scene: Scene) -> TroubleView.Banner? {
    let model = scene.model
    guard let past = model.past else { return nil }
    let back = "\(model.key(.past)) goes back to now"
    guard let moment = past.moment else {
      let part = past.progress.map { " \(percent($0))" } ?? ""
      return TroubleView.Banner(
        text: "REPLAY: reading the ledger\(part); \(back)", role: .replay, isBand: true)
    }
    let pace = past.pace == .standing ? "" : " \(times(scene))\(past.pace.rawValue)"
    let time = Wording.clock(moment.at, zone: model.zone)
    let way = past.progress.map { "on the way \(percent($0)); " } ?? ""
    return TroubleView.Banner(
      text: "REPLAY\(pace) \(time) (-\(ago(moment.at, model))): \(way)\(back)", role: .replay,
      isBand: true)
  }

  /// What the space bar does next.
  static func nextPace(_ pace: PastState.Pace) -> String {
    switch pace {
    case .standing: "play"
    case .real: "play x10"
    case .fast: "stop"
    }
  }

  private static func times(_ scene: Scene) -> String { scene.glyphs.isASCII ? "x" : "×" }

  private static func percent(_ part: Double) -> String { "\(Int(min(1, max(0, part)) * 100))%" }

  /// `0:42`, `3h41`, `2d`.
  private static func ago(_ instant: Instant, _ model: DashboardModel) -> String {
    let text = Wording.duration(instant.duration(to: model.now))
    return text.contains("h") && text.hasSuffix("m") ? String(text.dropLast()) : text
  }

  // MARK: Scrubber

  /// On one line: the run's time from end to end, and beside it what the moment's event says.
  static func draw(_ scene: Scene, _ canvas: inout Canvas, _ line: Rect) {
    guard let moment = scene.model.past?.moment else { return }
    canvas.fill(line, style: scene[.text])
    // Under the charts' place stands what they leave out.
    let isAlone = scene.layout.charts == nil
    let used =
      isAlone ? drawScrubber(moment, scene, &canvas, line.inset(right: line.columns / 2)) + 2 : 0
    canvas.write([Span(moment.sentence)], in: line.inset(left: used), scene)
  }

  /// In the charts' place: when what failed failed, over the scrubber.
  static func draw(
    _ moment: PastMoment, _ scene: Scene, _ canvas: inout Canvas, _ rect: Rect
  ) {
    let title = rect.line(0)
    canvas.fill(title, with: scene.glyphs.horizontal, style: scene[.border])
    canvas.write([Span(" Replay ", .title)], in: title.inset(left: 1), scene)
    let status =
      " event \(Wording.count(Int(moment.event.sequence - moment.first.sequence + 1))) of "
      + "\(Wording.count(Int(moment.last.sequence - moment.first.sequence + 1))) "
    canvas.write(
      SafeText(status), in: title.inset(left: 12, right: 1), style: scene[.muted], align: .right)
    let scrubber = rect.line(rect.rows - 1)
    let room = rect.inset(top: 1, bottom: 1)
    let track = track(in: scrubber)
    drawScrubber(moment, scene, &canvas, scrubber)
    let heights = stretched(moment.failures, columns: track.columns)
    guard room.rows > 0, let most = heights.max(), most > 0 else { return }
    canvas.chart(
      heights, ceiling: most,
      in: room.inset(left: track.column - rect.column, right: rect.endColumn - track.endColumn),
      style: scene[.spark2])
  }

  /// `02:00 ━━━━●──▲── 04:10`.
  ///
  /// - Returns: the columns that were written.
  @discardableResult
  private static func drawScrubber(
    _ moment: PastMoment, _ scene: Scene, _ canvas: inout Canvas, _ line: Rect
  ) -> Int {
    let track = track(in: line)
    guard track.columns > 2 else { return 0 }
    canvas.write([Span(clock(moment.first.at, scene), .muted)], in: line, scene)
    canvas.fill(track, with: scene.glyphs.horizontal, style: scene[.border])
    for (column, count) in stretched(moment.failures, columns: track.columns).enumerated()
    where count > 0 {
      canvas.put(
        Glyph(scene.glyphs.trouble), row: track.row, column: track.column + column,
        style: scene[.fail])
    }
    let place = min(track.columns - 1, Int(moment.fraction * Double(track.columns)))
    canvas.put(
      Glyph(scene.glyphs.mark), row: track.row, column: track.column + place, style: scene[.replay])
    let end = line.inset(left: track.endColumn - line.column + 1)
    return track.endColumn - line.column + 1
      + canvas.write([Span(clock(moment.last.at, scene), .muted)], in: end, scene)
  }

  private static func clock(_ instant: Instant, _ scene: Scene) -> String {
    Wording.clock(instant, zone: scene.model.zone, seconds: false)
  }

  /// Between the two times.
  private static func track(in line: Rect) -> Rect {
    line.inset(left: 6, right: 6)
  }

  /// A count for each column: what falls into it of the run's equal parts.
  private static func stretched(_ parts: [Int], columns: Int) -> [Double] {
    guard !parts.isEmpty, columns > 0 else { return [] }
    var counts = [Double](repeating: 0, count: columns)
    for (index, count) in parts.enumerated() where count > 0 {
      counts[min(columns - 1, (index * 2 + 1) * columns / (parts.count * 2))] += Double(count)
    }
    return counts
  }
}
