// The script by which a mock agent behaves: what it does for which attempt.

package import BatchModel

/// How a mock agent behaves; all members may be missing.
///
/// ```json
/// {"rules": [{"item": "b.md", "try": 1, "acts": [{"do": "fail", "text": "no luck"}]}],
///  "otherwise": [{"do": "wait", "ms": 5}, {"do": "answer", "text": "about {{item}}"}]}
/// ```
package struct MockAgentScript: Hashable, Sendable {
  /// What is wrong with a script.
  package struct Mistake: Error, Hashable, Sendable, CustomStringConvertible {
    package var message: String
    package var description: String { message }
  }

  /// Acts for some attempts: all conditions that are there must hold.
  package struct Rule: Hashable, Sendable {
    /// The item's key.
    package var item: String?
    package var step: String?
    package var key: String?
    package var round: Int64?
    package var tryNumber: Int64?
    package var acts: [MockAct]

    func matches(_ command: AgentCommand) -> Bool {
      let conditions = [
        item.map { $0 == command.item }, step.map { $0 == command.step },
        key.map { $0 == "\(command.key)" }, round.map { $0 == Int64(command.round) },
        tryNumber.map { $0 == Int64(command.tryNumber) },
      ]
      return conditions.allSatisfy { $0 ?? true }
    }
  }

  /// Done before the first command is read.
  package var start: [MockAct] = []
  /// The first rule that matches a command decides.
  package var rules: [Rule] = []
  /// For attempts without a rule.
  package var otherwise: [MockAct] = [
    .answer(text: "answer to {{item}}", usage: nil, feedback: nil)
  ]
  /// Whether TERM does nothing.
  package var ignoresTerm = false

  /// Answers everything at once.
  package init() {}

  /// Reads a script.
  ///
  /// - Throws: the first member that is unknown or cannot be, with what was expected.
  package init(_ value: JSONValue) throws(Mistake) {
    var fields = try MockAgentFields(value, at: "script")
    start = try fields.list("start", MockAct.init) ?? start
    rules = try fields.list("rules", Rule.init) ?? rules
    otherwise = try fields.list("otherwise", MockAct.init) ?? otherwise
    ignoresTerm = try fields.flag("ignores_term") ?? ignoresTerm
    try fields.end()
  }

  /// What is done for a command.
  package func acts(for command: AgentCommand) -> [MockAct] {
    rules.first { $0.matches(command) }?.acts ?? otherwise
  }
}

extension MockAgentScript.Rule {
  init(_ value: JSONValue, at place: String) throws(MockAgentScript.Mistake) {
    var fields = try MockAgentFields(value, at: place)
    let counts: ClosedRange<Int64> = 1...Int64.max
    item = try fields.text("item")
    step = try fields.text("step")
    key = try fields.text("key")
    round = try fields.integer("round", in: counts)
    tryNumber = try fields.integer("try", in: counts)
    acts = try fields.list("acts", MockAct.init) ?? []
    try fields.end()
  }
}
