// The definition after validation: what footplate.yaml says, with every default filled in.

/// A batch: the validated definition.
///
/// Loading, templates and error messages are in `BatchDefinition`.
package struct Batch: Hashable, Sendable, Codable {
  package var name: String
  package var items: ItemSource
  /// At least one, in the order in which an item passes through them; ids are unique.
  package var steps: [Step]
  package var parallel: Parallel
  package var canary: Canary?
  package var collect: Collect?
  /// By name; every provider that a step names is here.
  package var providers: [String: Provider]
  /// Prices over the built-in ones: model, then kind of token (`input`, `cache_read`), then USD for a
  /// million tokens as decimal text.
  package var prices: [String: [String: String]]
  package var budget: BudgetLimits
  package var longWait: LongWait
  /// Where the events go; `nil` delivers none.
  package var events: EventSink?
  /// What is started when something happens that a person wants to know; `nil` in definitions that
  /// were stored before there was such a thing.
  package var notify: [NotifyRule]?

  package init(
    name: String, items: ItemSource, steps: [Step], parallel: Parallel = Parallel(),
    canary: Canary? = nil, collect: Collect? = nil, providers: [String: Provider] = [:],
    prices: [String: [String: String]] = [:], budget: BudgetLimits = BudgetLimits(),
    longWait: LongWait = LongWait(), events: EventSink? = nil,
    notify: [NotifyRule]? = nil
  ) {
    self.name = name
    self.items = items
    self.steps = steps
    self.parallel = parallel
    self.canary = canary
    self.collect = collect
    self.providers = providers
    self.prices = prices
    self.budget = budget
    self.longWait = longWait
    self.events = events
    self.notify = notify
  }

  /// The digest of everything that the definition says: an unchanged one keeps its run.
  package var digest: Digest { Digest(of: canonicalText) }
}

/// Where the items come from.
package struct ItemSource: Hashable, Sendable, Codable {
  package enum Kind: Hashable, Sendable, Codable {
    /// Workspace files that match one of `patterns` and none of `excluding`, sorted by path.
    case glob(patterns: [String], excluding: [String])
    /// One JSON object a line.
    case jsonl(path: String)
    /// A header line, then one row an item.
    case csv(path: String)
    /// One item a line; empty lines are none.
    case lines(path: String)
    /// One item a line of the command's standard output.
    case command(Command)
    /// Written in the definition itself: strings, or objects with fields.
    case list([JSONValue])
  }
  package var kind: Kind
  /// The item's key; without one the path, the line, or the canonical JSON of the row.
  package var key: Template?
  /// Renders to a JSON array or a newline list of the keys of items that must be done first.
  package var after: Template?

  package init(kind: Kind, key: Template? = nil, after: Template? = nil) {
    self.kind = kind
    self.key = key
    self.after = after
  }
}

/// A Mustache text and the variables that it references, in order of appearance without repeats.
package struct Template: Hashable, Sendable, Codable {
  package var source: String
  package var variables: [String]
  package init(source: String, variables: [String]) {
    self.source = source
    self.variables = variables
  }
  /// Whether it renders to the same text for every item.
  package var isConstant: Bool { variables.isEmpty }
}

/// What to start: an argument vector, or a text for `/bin/sh -c` in which every value is quoted.
package enum Command: Hashable, Sendable, Codable {
  case arguments([Template])
  case shell(Template)
}

/// How many attempts run at the same time.
package struct Parallel: Hashable, Sendable, Codable {
  package var run: Int
  package var llm: Int
  package init(run: Int = 4, llm: Int = 16) {
    precondition(run >= 1 && llm >= 1, "at least one slot of each kind")
    self.run = run
    self.llm = llm
  }
}

/// The first items are tried alone; too many failures among them pause the run.
package struct Canary: Hashable, Sendable, Codable {
  package enum Pick: String, Hashable, Sendable, Codable { case first, spread, random }
  package enum Then: String, Hashable, Sendable, Codable { case `continue`, pause }
  package var items: Int
  package var pick: Pick
  /// The largest share of failed canary items, 0…1, with which the run goes on.
  package var maxFailedShare: Double
  package var then: Then
  package init(
    items: Int, pick: Pick = .spread, maxFailedShare: Double = 0.2, then: Then = .continue
  ) {
    self.items = items
    self.pick = pick
    self.maxFailedShare = maxFailedShare
    self.then = then
  }
}

/// Many items in, one file out.
package struct Collect: Hashable, Sendable, Codable {
  package enum Order: String, Hashable, Sendable, Codable { case source, finished }
  package enum Failed: String, Hashable, Sendable, Codable { case omit, null }
  /// The file, relative to the definition's folder; `.jsonl` or `.csv` by its ending.
  package var path: String
  package var order: Order
  /// Column name and value, in the order of the definition.
  package var columns: [Column]
  package var failed: Failed
  package init(path: String, order: Order, columns: [Column], failed: Failed) {
    self.path = path
    self.order = order
    self.columns = columns
    self.failed = failed
  }
  package struct Column: Hashable, Sendable, Codable {
    package var name: String
    package var value: Template
    package init(name: String, value: Template) {
      self.name = name
      self.value = value
    }
  }
}

extension Batch {
  /// The canonical JSON of the whole definition.
  package var canonicalText: String { CanonicalCoding.text(of: self) }
}
