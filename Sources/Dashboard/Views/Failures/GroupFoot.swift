// What there is to say of the selected group of failures beyond its line.

import BatchModel
import Canvas
import Resilience

enum GroupFoot {
  /// The most important first.
  static func lines(
    _ group: FailureGroup, _ scene: Scene, _ columns: GroupColumns
  ) -> [[Span]] {
    var lines: [[Span]] = []
    if let canary = scene.model.canary(of: group.signature) {
      lines.append([Span(CanaryWording.sentence(canary), .wait)])
    } else if let ended = scene.model.endedCanary(of: group) {
      lines.append([Span(CanaryWording.outcome(ended), .fail)])
    } else if group.retrying > 0 {
      lines.append([Span("\(Wording.items(group.retrying)) retried, not ended yet", .wait)])
    }
    if let note = group.note { lines.append([Span("note: ", .muted), Span(note)]) }
    if !columns.hasToDo {
      lines.append([Span("to do: ", .muted), Span(group.suggestion)])
    }
    if !columns.hasExample {
      lines.append([Span("for example ", .muted), Span(group.sampleKey)])
    }
    return lines
  }

  /// In too few lines the last ones share one.
  static func draw(
    _ lines: [[Span]], _ scene: Scene, _ canvas: inout Canvas, _ rect: Rect
  ) {
    guard rect.rows > 0 else { return }
    let dot = [Span(" \(Character(scene.glyphs.dot)) ", .muted)]
    let shared = Array(lines.dropFirst(rect.rows - 1).joined(separator: dot))
    for (index, line) in (lines.prefix(rect.rows - 1) + [shared]).enumerated() {
      canvas.write(line, in: rect.line(index), scene)
    }
  }
}

/// The words for a retry of a group whose first items are tried before the others.
enum CanaryWording {
  /// `canary 3/5 passed, 26 wait for it`.
  static func sentence(_ canary: CanaryFigures) -> String {
    let failed = canary.failed > 0 ? ", \(Wording.count(canary.failed)) failed" : ""
    let rest =
      canary.failed > 0
      ? "\(Wording.count(canary.rest)) stay failed" : "\(Wording.count(canary.rest)) wait for it"
    return "canary \(canary.passed)/\(canary.of) passed\(failed), \(rest)"
  }
}

extension CanaryWording {
  /// `canary: 4 of 5 failed, 10 stay failed`.
  static func outcome(_ ended: CanaryFigures) -> String {
    "canary: \(Wording.count(ended.failed)) of \(Wording.count(ended.of)) failed, "
      + "\(Wording.count(ended.rest)) stay failed"
  }
}

extension DashboardModel {
  /// The canary of a group that is under way.
  func canary(of signature: Signature) -> CanaryFigures? {
    snapshot?.canaries.last { $0.signature == signature }
  }
}
