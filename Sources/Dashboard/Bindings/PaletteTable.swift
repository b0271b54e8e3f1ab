// Every command of the palette, and how a line that was typed finds its one.

/// The palette's table.
package enum PaletteTable {
  /// In the order of the help.
  package static let all: [PaletteCommand] = runs + items + levers + workspace + views + leaving

  /// One line of the list under what is typed.
  package struct Suggestion: Hashable, Sendable {
    /// The whole line that tab makes of it.
    package var line: String
    /// How it reads in the list.
    package var label: String
    package var about: String
    /// Why it cannot be done now.
    package var reason: String?
  }

  /// What the line means now.
  package static func read(_ line: String, _ model: DashboardModel) -> PaletteCommand.Reading {
    let words = line.split(separator: " ").map(String.init)
    guard let name = words.first else { return .failure(PaletteProblem("nothing was typed")) }
    switch command(named: name) {
    case .success(let command): return command.read(Array(words.dropFirst()), model)
    case .failure(let problem): return .failure(problem)
    }
  }

  /// The command of that name, or the only one whose name begins so.
  private static func command(named name: String) -> Result<PaletteCommand, PaletteProblem> {
    if let exact = all.first(where: { $0.name == name }) { return .success(exact) }
    let matches = all.filter { $0.name.hasPrefix(name) }
    if matches.count == 1 { return .success(matches[0]) }
    guard matches.isEmpty else {
      let names = matches.map(\.name).joined(separator: ", ")
      return .failure(PaletteProblem("'\(name)' is the beginning of \(names)"))
    }
    let nearest = NearestWord.of(name, among: all.map(\.name))
    let hint = nearest.map { "did you mean \($0)?" } ?? "tab lists them all"
    return .failure(PaletteProblem("no command '\(name)'; \(hint)"))
  }

  /// How the command is used whose words are being typed; `nil` while its name is.
  package static func usage(of line: String) -> String? {
    let words = line.split(separator: " ", omittingEmptySubsequences: false)
    guard words.count > 1, case .success(let command) = command(named: String(words[0])) else {
      return nil
    }
    return command.usage
  }

  /// What the line could become: commands first, then their words.
  package static func suggestions(for line: String, _ model: DashboardModel) -> [Suggestion] {
    let words = line.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
    guard words.count > 1, case .success(let command) = command(named: words[0]) else {
      return commands(beginningWith: words.count > 1 ? words[0] : line, model)
    }
    let before = words.dropFirst().dropLast().filter { !$0.isEmpty }
    let partial = (words.last ?? "").lowercased()
    let start = ([command.name] + before).joined(separator: " ") + " "
    return command.choices(before, model).filter { $0.lowercased().hasPrefix(partial) }.map {
      Suggestion(line: start + $0, label: $0, about: "", reason: nil)
    }
  }

  private static func commands(
    beginningWith text: String, _ model: DashboardModel
  ) -> [Suggestion] {
    all.filter { $0.name.hasPrefix(text) }.map { command in
      Suggestion(
        line: command.name + (command.form.isEmpty ? "" : " "), label: command.usage,
        about: command.about, reason: reason(against: command, model))
    }
  }

  private static func reason(against command: PaletteCommand, _ model: DashboardModel) -> String? {
    if command.isActing, model.isReadOnly { return DashboardModel.readOnlyReason }
    guard case .success(let errand) = command.read([], model) else { return nil }
    return model.reasonAgainst(errand)
  }

  /// What tab makes of a line: as much as all that it could become have in common.
  package static func completed(_ line: String, _ model: DashboardModel) -> String {
    let lines = suggestions(for: line, model).map(\.line)
    guard var common = lines.first.map({ Array($0.unicodeScalars) }) else { return line }
    for other in lines.dropFirst() {
      let count = zip(common, other.unicodeScalars).prefix { $0 == $1 }.count
      common = Array(common.prefix(count))
    }
    var completed = String(String.UnicodeScalarView(common))
    // Another word may follow the only one that fits.
    let isWhole = lines.count == 1 && !completed.hasSuffix(" ")
    if isWhole, !suggestions(for: completed + " ", model).isEmpty {
      completed += " "
    }
    return completed.unicodeScalars.count < line.unicodeScalars.count ? line : completed
  }

  /// The table of the documents.
  package static var markdown: String {
    var lines = ["| command | what it does |", "|---|---|"]
    for command in all {
      let usage = command.usage.split(separator: "|", omittingEmptySubsequences: false)
      lines.append("| `:\(usage.joined(separator: "\\|"))` | \(command.about) |")
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
