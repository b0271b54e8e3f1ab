// One group of failures as a line, in the columns that there is room for.

import BatchModel
import Canvas
import Resilience

struct GroupRow {
  let group: FailureGroup
  let isSelected: Bool

  static func drawNames(_ scene: Scene, _ canvas: inout Canvas, _ cells: GroupColumns.Cells) {
    let style = scene[.muted]
    canvas.write("GROUP", in: cells.name, style: style)
    canvas.write("COUNT", in: cells.count, style: style, align: .right)
    canvas.write("FIRST", in: cells.first, style: style, align: .right)
    canvas.write("LAST", in: cells.last, style: style, align: .right)
    let trend = cells.spark.columns > 0 ? cells.spark : cells.word
    canvas.write(
      "TREND", in: Rect(row: trend.row, column: trend.column, rows: 1, columns: 5), style: style)
    canvas.write("COST", in: cells.cost, style: style, align: .right)
    canvas.write("WHAT", in: cells.what, style: style)
    canvas.write("WHAT TO DO", in: cells.todo, style: style)
    canvas.write("FOR EXAMPLE", in: cells.example, style: style)
  }

  func draw(_ scene: Scene, _ canvas: inout Canvas, _ line: Rect, _ columns: GroupColumns) {
    let cells = columns.cells(in: line)
    if isSelected {
      canvas.put(
        Glyph(scene.glyphs.cursor), row: line.row, column: line.column + 1, style: scene[.key])
    }
    let now = scene.model.shownAt
    func right(_ text: String, _ cell: Rect, _ role: Role = .muted) {
      canvas.write(SafeText(text), in: cell, style: scene[role], align: .right)
    }
    canvas.write(SafeText(group.name), in: cells.name, style: scene[.fail])
    right(Wording.short(group.count), cells.count, .text)
    right(Wording.duration(group.firstAt.duration(to: now)), cells.first)
    right(Wording.duration(group.lastAt.duration(to: now)), cells.last)
    if let most = group.recent.max() {
      canvas.chart(
        group.recent.map(Double.init), ceiling: Double(max(most, 3)), in: cells.spark,
        style: scene[.spark2])
    }
    canvas.write([trend(scene.model, at: now).span], in: cells.word, scene)
    right(group.cost > .zero ? Wording.bareSum(group.cost) : "-", cells.cost)
    canvas.write(what, in: cells.what, scene)
    let ended = scene.model.endedCanary(of: group)
    canvas.write(
      [ended.map { Span(CanaryWording.outcome($0), .fail) } ?? Span(group.suggestion, .muted)],
      in: cells.todo, scene)
    canvas.write(SafeText(group.sampleKey), in: cells.example, style: scene[.muted], cut: .middle)
    // The name keeps its colour outside the band: reversed, not every red can be read.
    if isSelected, scene.model.focus == .failures {
      canvas.restyle(line.from(cells.count.column), scene[.cursor])
    }
  }

  /// Nothing grows in a run that does not run.
  private func trend(_ model: DashboardModel, at now: Instant) -> GroupTrend {
    let trend = GroupTrend(of: group, at: now)
    let isGoing = model.past != nil || model.hasEngine && model.snapshot?.summary.state == .running
    return isGoing || trend == .resolved ? trend : .still
  }

  /// A failure that was thought mended comes first of all.
  private var what: [Span] {
    (group.isReopened ? [Span("REOPENED ", .fail)] : []) + [Span(group.signature.text)]
  }
}

/// Whether a group grows.
enum GroupTrend: Hashable {
  case new, rising, steady, quiet, resolved
  /// The run itself does not go on.
  case still

  /// By the last two stretches of five minutes against the four before them; where these are not
  /// known, by the time since the last failure.
  init(of group: FailureGroup, at now: Instant) {
    let age = group.lastAt.duration(to: now)
    if group.resolvedAt != nil {
      self = .resolved
    } else if group.recent.isEmpty {
      let isNew = group.count <= 1
      self = age >= .seconds(600) ? .quiet : age >= .seconds(60) ? .steady : isNew ? .new : .rising
    } else if group.recent.suffix(2).allSatisfy({ $0 == 0 }) {
      self = .quiet
    } else {
      // The newest stretch is not over: it counts for no less than the one before it.
      let newest = group.recent.suffix(2).max() ?? 0
      let earlier = group.recent.dropLast(2).suffix(4)
      let usual = Double(earlier.reduce(0, +)) / Double(max(1, earlier.count))
      self = Double(newest) >= max(usual * 1.5, usual + 1) ? .rising : .steady
    }
  }

  var span: Span {
    switch self {
    case .new: Span("new", .fail)
    case .rising: Span("rising", .fail)
    case .steady: Span("steady", .wait)
    case .quiet: Span("quiet", .muted)
    case .resolved: Span("over", .ok)
    case .still: Span("-", .muted)
    }
  }
}

/// The columns that there is room for.
struct GroupColumns {
  struct Cells {
    var name, count, first, last, spark, word, cost, what, todo, example: Rect
  }
  private let lengths: [Length]
  /// The suggested action stands in the line.
  let hasToDo: Bool
  let hasExample: Bool

  /// What goes first when room is short: the example, what to do, the first failure, the curve, the
  /// cost, the trend's word and at last the age.
  init(width: Int) {
    hasExample = width >= 150
    hasToDo = width >= 110
    let spark = width >= 110 ? 12 : width >= 70 ? 6 : 0
    lengths = [
      .fixed(3), .fixed(6), .fixed(5), .fixed(width >= 96 ? 7 : 0), .fixed(width >= 40 ? 6 : 0),
      .fixed(2), .fixed(spark), .fixed(spark > 0 ? 1 : 0), .fixed(width >= 48 ? 6 : 0),
      .fixed(width >= 58 ? 7 : 0), .fixed(2), .share(4), .fixed(hasToDo ? 2 : 0),
      .share(hasToDo ? 3 : 0), .fixed(hasExample ? 2 : 0), .share(hasExample ? 3 : 0),
    ]
  }

  func cells(in line: Rect) -> Cells {
    let parts = line.split(columns: lengths)
    return Cells(
      name: parts[1], count: parts[2], first: parts[3], last: parts[4], spark: parts[6],
      word: parts[8], cost: parts[9], what: parts[11], todo: parts[13], example: parts[15])
  }
}
