// The line above the hints: what is typed, what was said, what is about to happen.

import BatchModel
import Canvas
import Resilience

enum NoticeView {
  /// What was said last, else what is about to happen.
  static func words(_ model: DashboardModel) -> [Span] {
    if let toast = model.toast { return [Span(toast.text, toast.isError ? .toastError : .toast)] }
    return model.pending.isEmpty ? [] : countdown(model)
  }

  static func draw(_ scene: Scene, _ canvas: inout Canvas, _ line: Rect) {
    let spans = spans(scene)
    guard !spans.isEmpty else { return ReplayView.draw(scene, &canvas, line) }
    canvas.fill(line, style: scene[.text])
    canvas.write(TypingView.fitted(spans, columns: line.columns), in: line, scene)
  }

  /// Typing first, then words that are new, then the countdown.
  private static func spans(_ scene: Scene) -> [Span] {
    let model = scene.model
    switch model.overlay {
    case .filter(let editor, let problem):
      return TypingView.spans("filter: ", editor)
        + [
          Span(
            "   " + (problem ?? "part  !part  re.*x  st:run|fail  step:ID  group:G-07"),
            problem == nil ? .muted : .fail)
        ]
    case .search(let editor):
      return TypingView.spans("search the \(model.item.tab.rawValue): ", editor)
    case .palette(let palette):
      return TypingView.spans(":", palette.editor)
        + [
          Span(
            "   " + (palette.problem ?? "tab completes, up and down: what was typed before"),
            palette.problem == nil ? .muted : .fail)
        ]
    case .prompt(let prompt):
      return TypingView.spans(prompt.label, prompt.editor)
        + [
          Span("   " + (prompt.problem ?? prompt.hint), prompt.problem == nil ? .muted : .fail)
        ]
    default: break
    }
    if let toast = model.toast { return [Span(toast.text, toast.isError ? .toastError : .toast)] }
    if model.past != nil { return [] }
    return countdown(model)
  }

  private static func countdown(_ model: DashboardModel) -> [Span] {
    guard let next = model.pending.last else { return others(model) }
    if next.isTakenBack { return [Span("taking back: \(next.name)", .wait)] }
    let more = model.pending.count > 1 ? " (and \(model.pending.count - 1) more)" : ""
    return [
      Span("\(next.name) in \(seconds(to: next.notBefore, model)) s\(more)", .wait),
      Span("   \(model.keyMap.name(of: .takeBack))", .key), Span(" takes it back"),
    ]
  }

  /// Requests of other people, and of commands in other terminals.
  private static func others(_ model: DashboardModel) -> [Span] {
    guard let request = model.snapshot?.pendingRequests.last(where: { model.now < $0.notBefore })
    else { return canary(model) }
    let left = seconds(to: request.notBefore, model)
    return [
      Span("\(request.by) asks for \(name(request.action)) in \(left) s", .wait),
      Span("   \(model.keyMap.name(of: .takeBack))", .key),
      Span(" takes it back"),
    ]
  }

  /// A retry that waits for the outcome of its first items.
  private static func canary(_ model: DashboardModel) -> [Span] {
    guard let canary = model.snapshot?.canaries.last else { return [] }
    return [Span("\(canary.name): \(CanaryWording.sentence(canary))", .wait)]
  }

  private static func name(_ action: Request.Action) -> String {
    switch action {
    case .pause: "a pause"
    case .resume: "going on"
    case .stop, .stopAt: "a stop"
    case .reload: "a reload"
    case .setCap: "another cap"
    case .breaker: "another breaker's state"
    case .sync: "a delivery of events"
    case .hold(let hold): "holding back \(hold)"
    case .release(let hold): "\(hold) going on"
    case .setParallel: "another number of slots"
    case .retryGroup: "a retry of a group"
    case .note: "a note"
    case .items(.retry, _): "a retry"
    case .items(.skip, _): "skipping"
    case .items(.cancel, _): "cancelling"
    case .items(.accept, _): "acceptance of a candidate"
    case .items(.sendBack, _): "another round"
    }
  }

  private static func seconds(to instant: Instant, _ model: DashboardModel) -> Int64 {
    let left = max(0, model.now.duration(to: instant).nanosecondsClamped)
    return (left + 999_999_999) / 1_000_000_000
  }
}
