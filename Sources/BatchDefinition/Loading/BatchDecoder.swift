// From checked values to the model: what one key alone cannot tell is decided here.

import BatchModel
import Providers

/// Builds the batch.
///
/// Every method notes what is wrong and then returns `nil`, so that the rest is still looked at.
final class BatchDecoder {
  let log: MistakeLog
  let templates: TemplateReader
  private let readFile: (String) throws -> String
  private(set) var readFiles: [String] = []
  private var contents: [String: String] = [:]
  var digests: [String: Digest] { contents.mapValues { Digest(of: $0) } }
  var schemas: [String: JSONSchema] = [:]
  /// Set before the steps are read, since they are judged by them.
  var providers = ProviderBook()
  var prices = PriceTable.builtIn
  var budget = BudgetLimits()
  /// What is known about every step so far.
  var summaries: [StepSummary] = []

  init(log: MistakeLog, templates: TemplateReader, readFile: @escaping (String) throws -> String) {
    self.log = log
    self.templates = templates
    self.readFile = readFile
  }

  func batch(_ root: CheckedGroup) -> Batch? {
    let source = root["items"]?.group.flatMap(itemSource)
    let scope = source.map { VariableScope(of: $0.kind) } ?? VariableScope()
    readMoney(root)
    let steps = steps(root, in: scope.adding(Self.itemNames))
    let collect = root["collect"]?.group.flatMap { self.collect($0, in: scope) }
    let parallel = parallel(root)
    let canary = root["canary"]?.group.flatMap(canary)
    guard let name = root["name"]?.text, let source, let steps, !steps.isEmpty else { return nil }
    return Batch(
      name: name, items: source, steps: steps, parallel: parallel, canary: canary,
      collect: collect, providers: providers.all, prices: ownPrices(root), budget: budget,
      longWait: longWait(root), events: root["events"]?.group.flatMap(events),
      notify: root["notify"].map(notify))
  }

  /// What every item offers besides its own fields.
  static let itemNames = ["key", "ordinal", "occurrence"]

  private func parallel(_ root: CheckedGroup) -> Parallel {
    guard let value = root["parallel"] else { return Parallel() }
    if let both = value.integer { return Parallel(run: both, llm: both) }
    guard let run = value.group?["run"]?.integer, let llm = value.group?["llm"]?.integer else {
      return Parallel()
    }
    return Parallel(run: run, llm: llm)
  }

  private func longWait(_ root: CheckedGroup) -> LongWait {
    guard let retry = root["retry"]?.group, let threshold = retry["long_wait"]?.duration else {
      return LongWait()
    }
    let reaction = retry["on_long_wait"]?.text.flatMap(LongWait.Reaction.init)
    return LongWait(threshold: threshold, reaction: reaction)
  }

  private func canary(_ group: CheckedGroup) -> Canary? {
    guard let items = group["items"]?.integer, let share = group["max_failed"]?.share,
      let pick = group["pick"]?.text.flatMap(Canary.Pick.init),
      let then = group["then"]?.text.flatMap(Canary.Then.init)
    else { return nil }
    return Canary(items: items, pick: pick, maxFailedShare: share, then: then)
  }

  private func collect(_ group: CheckedGroup, in items: VariableScope) -> Collect? {
    var scope = items.adding(Self.itemNames)
    scope.steps = summaries
    let columns = (group["row"]?.map ?? []).compactMap { entry -> Collect.Column? in
      guard let template = template(entry.value, in: scope) else { return nil }
      return Collect.Column(name: entry.name, value: template)
    }
    guard let to = group["to"], let path = to.text, let order = group["order"]?.text,
      let failed = group["failed"]?.text
    else { return nil }
    guard path.hasSuffix(".jsonl") || path.hasSuffix(".csv") else {
      log.note(to.position, "\"\(path)\" has an unknown ending; expected one of: .jsonl, .csv")
      return nil
    }
    guard let order = Collect.Order(rawValue: order), let failed = Collect.Failed(rawValue: failed)
    else { return nil }
    do throws(OutputPath.Refusal) {
      return Collect(
        path: try OutputPath.normalized(path), order: order, columns: columns, failed: failed)
    } catch {
      log.note(to.position, error.message)
      return nil
    }
  }

  /// A template that was written in the definition.
  func template(
    _ value: CheckedValue, in scope: VariableScope, isShell: Bool = false
  ) -> Template? {
    guard let text = value.text else { return nil }
    return templates.template(
      TemplateText(text: text, origin: .definition(value.position)), in: scope, isShell: isShell)
  }

  /// A command: a list of words, or a text for the shell.
  func command(_ value: CheckedValue, in scope: VariableScope) -> Command? {
    guard case .list(let words) = value.content else {
      return template(value, in: scope, isShell: true).map(Command.shell)
    }
    if let first = words.first, first.text?.trimmingWhitespace.isEmpty == true {
      log.note(first.position, "the command's first word is empty; expected a program")
    }
    let templates = words.compactMap { template($0, in: scope) }
    return templates.count == words.count && !words.isEmpty ? .arguments(templates) : nil
  }

  /// The text of a file that the definition names; `nil` after noting why it cannot be read.
  func fileText(_ path: String, _ what: String, at position: Position) -> String? {
    do {
      return try content(of: path)
    } catch {
      log.note(
        position, "the \(what) file \"\(path)\" cannot be read: \(error); expected a text file")
      return nil
    }
  }

  /// The text of a file, read once.
  func content(of path: String) throws -> String {
    if let known = contents[path] { return known }
    let text = try readFile(path)
    contents[path] = text
    readFiles.append(path)
    return text
  }
}
