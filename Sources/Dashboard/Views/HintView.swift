// The last line: what keys do here, those that are wanted now before all others.

import BatchModel
import Canvas

enum HintView {
  /// One key and its word.
  struct Hint {
    var key: Key
    var spans: [Span]
    var columns: Int { spans.reduce(0) { $0 + SafeText($1.text).columns } }
  }

  private static let gap = 2

  static func draw(_ scene: Scene, _ canvas: inout Canvas, _ line: Rect) {
    let hints = hints(scene.model, columns: line.columns)
    canvas.writeWhole(hints.map(\.spans), gap: gap, in: line, scene)
  }

  /// The key whose hint stands there.
  static func key(at column: Int, _ model: DashboardModel, _ line: Rect) -> Key? {
    var start = line.column
    for hint in hints(model, columns: line.columns) {
      let end = start + hint.columns
      if (start..<end).contains(column) { return hint.key }
      start = end + gap
    }
    return nil
  }

  /// What a line of so many columns holds of the hints, in the order in which they stand there.
  private static func hints(_ model: DashboardModel, columns: Int) -> [Hint] {
    var room = columns
    var shown: [(place: Int, hint: Hint)] = []
    for (place, binding) in HintRanks.ranked(model) {
      guard let hint = hint(binding, model) else { continue }
      let width = hint.columns + (shown.isEmpty ? 0 : gap)
      guard width <= room else { continue }
      room -= width
      shown.append((place, hint))
    }
    return shown.sorted { $0.place < $1.place }.map(\.hint)
  }

  /// Keys that cannot work now stay, dimmed: pressing them says why.
  private static func hint(_ binding: Binding, _ model: DashboardModel) -> Hint? {
    guard let key = binding.keys.first else { return nil }
    let isOff = binding.reasonDisabled(model) != nil
    return Hint(
      key: key,
      spans: [
        Span(key.name, isOff ? .muted : .key),
        Span(" " + name(of: binding, model), isOff ? .muted : .text),
      ])
  }

  /// A key is named after what it would do here and now.
  private static func name(of binding: Binding, _ model: DashboardModel) -> String {
    switch binding.intent {
    case .past where model.past != nil: return "now"
    case .play:
      return model.past.map { ReplayView.nextPace($0.pace) } ?? binding.name
    case .filter where model.focus == .item: return "search"
    case .open where model.isZoomed: return "unzoom"
    case .open where model.focus != .queue && model.focus != .failures: return "zoom"
    case .pauseOrResume:
      guard model.hasEngine else { return "start" }
      return model.snapshot?.summary.state == .running ? "pause" : "resume"
    default: return binding.name
    }
  }
}
