// The palette's commands that only change what is looked at, and how.

import BatchModel

extension PaletteTable {
  static let views: [PaletteCommand] = [
    PaletteCommand(
      "sort", ItemOrder.allCases.map(\.rawValue).joined(separator: "|"), "sort the queue",
      choices: { words, _ in words.isEmpty ? ItemOrder.allCases.map(\.rawValue) : [] },
      read: { words, _ in
        choice("sort", words, ItemOrder.allCases.map(\.rawValue)) { name in
          ItemOrder(rawValue: name).map(Errand.sort)
        }
      }),
    PaletteCommand(
      "filter", "[TEXT]",
      "show only: part of a key, regex, !part, st:run|fail, step:ID, group:G-07",
      choices: { _, model in
        ItemState.allCases.map { "st:" + FilterSyntax.word($0) }
          + model.groups.map { "group:" + $0.name }
      },
      read: { words, model in
        let text = words.joined(separator: " ")
        do throws(FilterSyntax.Problem) {
          _ = try FilterSyntax.parse(text, groups: model.groups, steps: model.steps)
          return .success(.filter(text))
        } catch { return .failure(PaletteProblem(error.description)) }
      }),
    PaletteCommand(
      "columns", "NAME… | default", "which columns the queue has",
      choices: { words, _ in
        QueueColumn.allCases.map(\.rawValue).filter { !words.contains($0) }
          + (words.isEmpty ? ["default"] : [])
      },
      read: readColumns),
    PaletteCommand(
      "layout", Arrangement.allCases.map(\.rawValue).joined(separator: "|"),
      "what gets the most room on a large screen",
      choices: { words, _ in words.isEmpty ? Arrangement.allCases.map(\.rawValue) : [] },
      read: { words, _ in
        choice("layout", words, Arrangement.allCases.map(\.rawValue)) { name in
          Arrangement(rawValue: name).map(Errand.arrange)
        }
      }),
    PaletteCommand(
      "theme", "[NAME]", "other colours; without a name a list that shows them",
      choices: { words, model in words.isEmpty ? model.themes : [] },
      read: { words, model in
        guard !words.isEmpty else { return .success(.themes) }
        return choice("theme", words, model.themes) { .theme($0) }
      }),
    PaletteCommand(
      "at", "TIME", "the run as it was then: 02:14, 2026-11-22 02:14, -10m",
      read: { words, model in
        do throws(PastTime.Problem) {
          return .success(.goTo(try model.pastTime(words.joined(separator: " "))))
        } catch { return .failure(PaletteProblem(error.description)) }
      }),
    PaletteCommand(
      "mouse", "on|off", "whether the mouse works here, or selects text in the terminal",
      choices: { words, _ in words.isEmpty ? ["on", "off"] : [] },
      read: { words, _ in choice("mouse", words, ["on", "off"]) { .mouse($0 == "on") } }),
  ]

  static let leaving: [PaletteCommand] = [
    PaletteCommand("away", "what happened since you looked last", does: .away),
    PaletteCommand("write", "write the screen to a text file", does: .intent(.writeScreen)),
    PaletteCommand("help", "the keys and these commands", does: .intent(.help)),
    PaletteCommand("quit", "leave the dashboard; the run goes on", does: .intent(.quit)),
  ]

  /// One of a few words.
  private static func choice(
    _ command: String, _ words: [String], _ names: [String], _ errand: (String) -> Errand?
  ) -> PaletteCommand.Reading {
    guard words.count == 1, let word = words.first else {
      return .failure(PaletteProblem("\(command) takes one of \(names.joined(separator: ", "))"))
    }
    guard names.contains(word), let errand = errand(word) else {
      return .failure(.noWord(command, word, among: names))
    }
    return .success(errand)
  }

  @Sendable private static func readColumns(
    _ words: [String], _ model: DashboardModel
  ) -> PaletteCommand.Reading {
    if words == ["default"] { return .success(.columns(QueueColumn.allCases)) }
    // Commas are a habit, and cost nothing to understand.
    let names = words.flatMap { $0.split(separator: ",").map(String.init) }
    var columns: [QueueColumn] = []
    for name in names {
      guard let column = QueueColumn(rawValue: name) else {
        return .failure(.noWord("columns", name, among: QueueColumn.allCases.map(\.rawValue)))
      }
      columns.append(column)
    }
    guard !columns.isEmpty else {
      let all = QueueColumn.allCases.map(\.rawValue).joined(separator: " ")
      return .failure(PaletteProblem("columns takes some of \(all), or default"))
    }
    return .success(.columns(columns))
  }
}
