// The schemas of the agent protocol and of a snapshot's manifest, for who writes an agent.

/// A kind of line or file, with the JSON Schema (draft 2020-12) that it satisfies.
///
/// Members that a schema does not name are allowed in what agents write: a later version may add
/// some, and both sides pass over what they do not know.
package enum AgentSchema: String, CaseIterable, Sendable {
  case command, cancel, event, heartbeat, log, result, failed
  case snapshotManifest = "snapshot-manifest"

  /// `agent-command.v1`.
  package var name: String {
    switch self {
    case .snapshotManifest: "\(rawValue).v\(SnapshotManifest.version)"
    default: "agent-\(rawValue).v\(AgentProtocol.version)"
    }
  }

  package var schema: JSONValue {
    guard case .object(var members) = form else { return form }
    members["$schema"] = .string("https://json-schema.org/draft/2020-12/schema")
    members["title"] = .string(name)
    return .object(members)
  }

  private var form: JSONValue {
    switch self {
    case .command: Self.commandForm
    case .cancel: Self.message("cancel", required: ["attempt": Self.integer])
    case .event: Self.eventForm
    case .heartbeat: Self.message("heartbeat", optional: ["attempt": Self.integer])
    case .log:
      Self.message(
        "log", required: ["message": Self.text],
        optional: ["attempt": Self.integer, "level": Self.text])
    case .result:
      Self.message(
        "result", required: ["attempt": Self.integer],
        optional: ["answer": Self.text, "usage": Self.list(of: Self.usage), "feedback": Self.text])
    case .failed:
      Self.message(
        "failed", required: ["attempt": Self.integer, "message": Self.text],
        optional: ["retryable": Self.type("boolean"), "usage": Self.list(of: Self.usage)])
    case .snapshotManifest: Self.manifestForm
    }
  }
}

extension AgentSchema {
  private static let text = type("string")
  private static let integer = type("integer")
  private static let count = JSONValue.object([
    "type": .string("integer"), "minimum": .integer(0), "maximum": .integer(AgentUsage.tokensMax),
  ])

  private static let commandForm = message(
    "command",
    required: [
      "protocol": .object(["const": .integer(Int64(AgentProtocol.version))]),
      "attempt": integer, "idempotency_key": pattern("^ik:[0-9a-f]{64}$"), "run": text,
      "item": text, "ordinal": integer, "occurrence": integer, "step": text, "round": integer,
      "try": integer, "params": type("object"),
      "inputs": object(
        required: ["item_file": text, "folder": text, "staging": text, "output": text],
        optional: [
          "item": .object([:]), "prompt": text, "prompt_file": text, "feedback": text,
          "feedback_file": text,
        ]),
    ],
    optional: ["snapshot": pattern("^snap-[0-9a-f]{12}$"), "deadline": text])

  private static let usage = object(
    optional: [
      "model": text, "input_tokens": count, "cache_read_tokens": count,
      "cache_write_tokens": count, "output_tokens": count,
      "cost": pattern("^[0-9]{1,9}([.][0-9]{1,18})?$"),
    ])

  private static let eventForm = JSONValue.object([
    "oneOf": .array([
      event("artifact", required: ["path": text]),
      event("progress", optional: ["message": text, "done": integer, "total": integer]),
      event("usage", required: ["usage": usage]),
    ])
  ])

  private static let manifestForm = object(
    required: [
      "schema_version": .object(["const": .integer(Int64(SnapshotManifest.version))]),
      "id": pattern("^snap-[0-9a-f]{12}$"),
      "entries": list(
        of: .object([
          "oneOf": .array([
            object(
              required: [
                "path": text, "digest": pattern("^sha256:[0-9a-f]{64}$"), "size": integer,
                "executable": type("boolean"),
              ]),
            object(required: ["path": text, "link": text]),
          ])
        ])),
    ])

  private static func event(
    _ name: String, required: [String: JSONValue] = [:], optional: [String: JSONValue] = [:]
  ) -> JSONValue {
    message(
      "event", required: required.merging(["event": .object(["const": .string(name)])]) { $1 },
      optional: optional.merging(["attempt": integer]) { $1 })
  }

  private static func message(
    _ type: String, required: [String: JSONValue] = [:], optional: [String: JSONValue] = [:]
  ) -> JSONValue {
    object(
      required: required.merging(["type": .object(["const": .string(type)])]) { $1 },
      optional: optional)
  }

  private static func object(
    required: [String: JSONValue] = [:], optional: [String: JSONValue] = [:]
  ) -> JSONValue {
    .object([
      "type": .string("object"), "properties": .object(required.merging(optional) { $1 }),
      "required": .array(required.keys.sorted().map(JSONValue.string)),
    ])
  }

  private static func type(_ name: String) -> JSONValue { .object(["type": .string(name)]) }

  private static func pattern(_ pattern: String) -> JSONValue {
    .object(["type": .string("string"), "pattern": .string(pattern)])
  }

  private static func list(of element: JSONValue) -> JSONValue {
    .object(["type": .string("array"), "items": element])
  }
}
