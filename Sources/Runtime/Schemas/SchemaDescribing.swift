// Types whose JSON form is said rather than found out: plain values and those with a form of their own.

import BatchModel

/// A type that knows the schema of its JSON form.
protocol SchemaDescribing {
  static var schema: JSONValue { get throws }
  /// Any value, for a probe that has to give one back.
  static var sample: Self { get }
}

extension String: SchemaDescribing {
  static var schema: JSONValue { .type("string") }
  static var sample: String { "" }
}

extension Bool: SchemaDescribing {
  static var schema: JSONValue { .type("boolean") }
  static var sample: Bool { false }
}

extension Double: SchemaDescribing {
  static var schema: JSONValue { .type("number") }
  static var sample: Double { 0 }
}

extension Int: SchemaDescribing {
  static var schema: JSONValue { .type("integer") }
  static var sample: Int { 0 }
}

extension Int32: SchemaDescribing {
  static var schema: JSONValue { .type("integer") }
  static var sample: Int32 { 0 }
}

extension Int64: SchemaDescribing {
  static var schema: JSONValue { .type("integer") }
  static var sample: Int64 { 0 }
}

extension Array: SchemaDescribing where Element: Decodable {
  static var schema: JSONValue {
    get throws {
      .object(["type": .string("array"), "items": try SchemaProbe.schema(of: Element.self)])
    }
  }
  static var sample: [Element] { [] }
}

extension Dictionary: SchemaDescribing where Key == String, Value: Decodable {
  static var schema: JSONValue {
    get throws {
      .object([
        "type": .string("object"),
        "additionalProperties": try SchemaProbe.schema(of: Value.self),
      ])
    }
  }
  static var sample: [String: Value] { [:] }
}

extension Digest: SchemaDescribing {
  static var schema: JSONValue { .pattern("^sha256:[0-9a-f]{64}$") }
  static var sample: Digest { Digest(of: "") }
}

extension IdempotencyKey: SchemaDescribing {
  static var schema: JSONValue { .pattern("^ik:[0-9a-f]{64}$") }
  static var sample: IdempotencyKey { IdempotencyKey(digest: .sample) }
}

extension Hold: SchemaDescribing {
  static var schema: JSONValue { .pattern("^(provider|step) .+$") }
  static var sample: Hold { .step("") }
}

extension JSONValue: SchemaDescribing {
  /// Anything.
  static var schema: JSONValue { .object([:]) }
  static var sample: JSONValue { .null }

  static func type(_ name: String) -> JSONValue { .object(["type": .string(name)]) }

  /// The form of an enumeration whose cases carry values.
  static var oneMember: JSONValue {
    .object([
      "type": .string("object"), "minProperties": .integer(1), "maxProperties": .integer(1),
    ])
  }

  static func pattern(_ pattern: String) -> JSONValue {
    .object(["type": .string("string"), "pattern": .string(pattern)])
  }
}

extension ItemAction: SchemaDescribing {
  /// One member, named after what is done.
  static var schema: JSONValue { .oneMember }
  static var sample: ItemAction { .skip(reason: "") }
}

extension NoteTarget: SchemaDescribing {
  /// One member, named after what the note is on.
  static var schema: JSONValue { .oneMember }
  static var sample: NoteTarget { .item(ItemID(0)) }
}

extension TargetContent: SchemaDescribing {
  /// One member, named after what stands there.
  static var schema: JSONValue { .oneMember }
  static var sample: TargetContent { .absent }
}

/// A breaker's inner state is its own: what of it a person needs stands beside it.
extension ProviderState: SchemaDescribing {
  static var schema: JSONValue { .object(["type": .string("object")]) }
  static var sample: ProviderState { ProviderState() }
}

extension Change: SchemaDescribing {
  /// One form a kind: the payload's members and `type`.
  static var schema: JSONValue {
    get throws {
      .object(["oneOf": .array(try Kind.allCases.map { try $0.schema })])
    }
  }
  static var sample: Change { .noted(Noted(run: RunID(""), code: "", message: "")) }
}

extension Change.Kind {
  fileprivate var schema: JSONValue {
    get throws {
      guard case .object(var schema) = try SchemaProbe.schema(of: payload),
        case .object(var properties)? = schema["properties"],
        case .array(let required)? = schema["required"]
      else { return .object([:]) }
      properties["type"] = .object(["const": .string(rawValue)])
      schema["properties"] = .object(properties)
      schema["required"] = .array([.string("type")] + required)
      return .object(schema)
    }
  }

  private var payload: any Decodable.Type {
    switch self {
    case .runStarted: RunStarted.self
    case .runMoved: RunMoved.self
    case .itemsEnqueued: ItemsEnqueued.self
    case .attemptStarted: AttemptStarted.self
    case .attemptLaunched: AttemptLaunched.self
    case .attemptEnded: AttemptEnded.self
    case .resultRecorded: ResultRecorded.self
    case .resultRejected: ResultRejected.self
    case .resultHeld: ResultHeld.self
    case .sentBack: SentBack.self
    case .publishing: Publishing.self
    case .stepDone: StepDone.self
    case .itemMoved: ItemMoved.self
    case .itemsMoved: ItemsMoved.self
    case .providerMoved: ProviderMoved.self
    case .budgetMoved: BudgetMoved.self
    case .noted: Noted.self
    case .artifactTracked: ArtifactTracked.self
    case .holdMoved: HoldMoved.self
    case .parallelMoved: ParallelMoved.self
    case .canaryMoved: CanaryMoved.self
    case .remarked: Remarked.self
    }
  }
}
