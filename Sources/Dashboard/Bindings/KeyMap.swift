// Other keys than the table's own: a person's file over the binding table.

package import Canvas

/// What `keys.yaml` says of one action.
package struct KeyMapEntry: Hashable, Sendable {
  package var action: String
  /// As keys are named on the screen: `x`, `space`, `Ctrl-D`, `pgdn`, `F5`.
  package var keys: [String]
  /// From 1.
  package var line: Int
  package var column: Int
  package init(action: String, keys: [String], line: Int, column: Int) {
    self.action = action
    self.keys = keys
    self.line = line
    self.column = column
  }
}

/// One thing in a key map that cannot be.
package struct KeyMapProblem: Error, Hashable, Sendable {
  package var line: Int
  package var column: Int
  package var message: String
  package init(line: Int, column: Int, message: String) {
    self.line = line
    self.column = column
    self.message = message
  }
}

/// The keys of the actions that have others than the table's.
package struct KeyMap: Hashable, Sendable {
  private var keys: [Intent: [Key]] = [:]

  /// The table's own keys.
  package init() {}

  /// The table with its keys replaced.
  package var bindings: [Binding] {
    guard !keys.isEmpty else { return BindingTable.all }
    return BindingTable.all.map { binding in
      keys[binding.intent].map { binding.with(keys: $0) } ?? binding
    }
  }

  /// What a key means in a panel.
  package func binding(for key: Key, in panel: PanelID) -> Binding? {
    bindings.first { $0.keys.contains(key) && $0.applies(in: panel) }
  }

  /// The key to name for an action: `?`.
  package func name(of intent: Intent) -> String {
    bindings.first { $0.intent == intent }?.keys.first?.name ?? ""
  }

  /// Lays entries over the table; every problem at once, or a map without any.
  ///
  /// - Returns: the map, or the problems in the entries' order.
  package static func reading(_ entries: [KeyMapEntry]) -> Result<KeyMap, KeyMapProblems> {
    var map = KeyMap()
    var problems: [KeyMapProblem] = []
    for entry in entries {
      func problem(_ message: String) {
        problems.append(KeyMapProblem(line: entry.line, column: entry.column, message: message))
      }
      guard let binding = BindingTable.binding(ofAction: entry.action) else {
        let nearest = NearestWord.of(entry.action, among: BindingTable.all.map(\.action))
        problem("no action '\(entry.action)'" + (nearest.map { "; did you mean \($0)?" } ?? ""))
        continue
      }
      if map.keys[binding.intent] != nil { problem("\(entry.action) stands here twice") }
      var keys: [Key] = []
      for name in entry.keys {
        guard let key = Key(named: name) else {
          problem("\(entry.action): no key '\(name)': a character, or \(Key.namesForPeople)")
          continue
        }
        if let law = law(against: key, for: binding) { problem("\(entry.action): \(law)") }
        keys.append(key)
      }
      if entry.keys.isEmpty { problem("\(entry.action): no key is left for it") }
      map.keys[binding.intent] = keys
    }
    problems += map.doubles(entries)
    return problems.isEmpty ? .success(map) : .failure(KeyMapProblems(problems))
  }

  /// Lower case looks, upper case acts; Ctrl and function keys belong to the shell and to tmux.
  private static func law(against key: Key, for binding: Binding) -> String? {
    let isActing = binding.group == .act
    switch key {
    case .character(let scalar):
      if isActing, !scalar.properties.isUppercase {
        return "\(key.name) does not act: what changes the run is an upper-case letter"
      }
      if !isActing, scalar.properties.isUppercase, !["G", "N"].contains(scalar) {
        return "\(key.name) does not look: upper-case letters change the run"
      }
      return nil
    default:
      return isActing
        ? "\(key.name) does not act: what changes the run is an upper-case letter" : nil
    }
  }

  /// Keys that would mean two things in one panel.
  private func doubles(_ entries: [KeyMapEntry]) -> [KeyMapProblem] {
    var problems: [KeyMapProblem] = []
    for entry in entries {
      guard let own = bindings.first(where: { $0.action == entry.action }) else { continue }
      for key in own.keys {
        let other = bindings.first { other in
          other.intent != own.intent && other.keys.contains(key)
            && PanelID.allCases.contains { own.applies(in: $0) && other.applies(in: $0) }
        }
        guard let other else { continue }
        let message = "\(entry.action): \(key.name) is \(other.action)'s; give that another key"
        problems.append(KeyMapProblem(line: entry.line, column: entry.column, message: message))
      }
    }
    return problems.uniqued
  }
}

/// All that is wrong with a key map.
package struct KeyMapProblems: Error, Hashable, Sendable {
  package var all: [KeyMapProblem]
  package init(_ all: [KeyMapProblem]) { self.all = all }
}

extension BindingTable {
  static func binding(ofAction name: String) -> Binding? { all.first { $0.action == name } }
}

extension Key {
  private static let named: [Key] = [
    .character(" "), .enter, .escape, .tab, .backTab, .backspace, .delete, .up, .down, .left,
    .right, .home, .end, .pageUp, .pageDown,
  ]

  static var namesForPeople: String {
    named.map(\.name).joined(separator: ", ") + ", Ctrl-D, F5"
  }

  /// Reads a key as the screen names it.
  package init?(named name: String) {
    let folded = name.lowercased()
    if let key = Self.named.first(where: { $0.name == folded }) {
      self = key
      return
    }
    let scalars = Array(name.unicodeScalars)
    if scalars.count == 1, scalars[0].value > 0x20, scalars[0].value != 0x7F {
      self = .character(scalars[0])
    } else if folded.hasPrefix("ctrl-"), let letter = folded.unicodeScalars.last,
      folded.unicodeScalars.count == 6, ("a"..."z").contains(letter)
    {
      self = .control(letter)
    } else if folded.hasPrefix("f"), let number = Int(folded.dropFirst()), (1...12).contains(number)
    {
      self = .function(number)
    } else {
      return nil
    }
  }
}
