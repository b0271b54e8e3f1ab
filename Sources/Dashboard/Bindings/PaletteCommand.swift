// A command of the palette as data: completion, help, the documents' table and what it does come
// from it.

/// Why a line of the palette cannot be done.
package struct PaletteProblem: Error, Hashable, Sendable {
  package var text: String
  package init(_ text: String) { self.text = text }
}

/// One row of the palette's table.
package struct PaletteCommand: Sendable {
  package typealias Reading = Result<Errand, PaletteProblem>

  package let name: String
  /// What follows the name: `NAME open|close|reset|disable`.
  package let form: String
  /// One sentence for the list and the help.
  package let about: String
  package let isActing: Bool
  /// What may come after those words.
  let choices: @Sendable ([String], DashboardModel) -> [String]
  /// What the words after the name mean.
  let read: @Sendable ([String], DashboardModel) -> Reading

  init(
    _ name: String, _ form: String = "", acts isActing: Bool = false, _ about: String,
    choices: @escaping @Sendable ([String], DashboardModel) -> [String] = { _, _ in [] },
    read: @escaping @Sendable ([String], DashboardModel) -> Reading
  ) {
    self.name = name
    self.form = form
    self.about = about
    self.isActing = isActing
    self.choices = choices
    self.read = read
  }

  /// A command without words after it.
  init(_ name: String, acts isActing: Bool = false, _ about: String, does errand: Errand) {
    self.init(name, acts: isActing, about) { words, _ in
      words.isEmpty ? .success(errand) : .failure(PaletteProblem("\(name) takes no words"))
    }
  }

  package var usage: String { form.isEmpty ? name : "\(name) \(form)" }
}
