// The keyword table: where events are delivered, and whom they are told.

import BatchModel

extension Keywords {
  static let events = KeywordGroup(
    "events",
    [
      Keyword(
        "sink", .url, required: true,
        "The address to which batches of CloudEvents are posted."),
      Keyword("key", .group(key), "Where the sink's key is; it is sent as a bearer token."),
      Keyword(
        "spool", .size, standard: .text("50MB"),
        "How much may wait; past it the oldest events of little weight are lost first, and counted."
      ),
      Keyword(
        "keep", .duration(isZeroAllowed: false, orOff: false), standard: .text("7d"),
        "What has waited longer is lost, and counted."),
      Keyword(
        "timeout", .duration(isZeroAllowed: false, orOff: false), standard: .text("10s"),
        "The longest time for one delivery; the work never waits for it."),
      Keyword(
        "health", .group(sinkHealth),
        "A request that tells whether a sink that failed is well again; without it none is made."),
    ])

  static let notify = KeywordGroup(
    "a notification",
    [
      Keyword(
        "on", .oneOrMore(.oneOf(NotifyEvent.allCases.map(\.rawValue)), thing: "an event"),
        required: true, "What it is started for."),
      Keyword(
        "run", .command, required: true,
        "The command: {{"
          + NotifyRule.variables.joined(separator: "}}, {{") + "}}."),
      Keyword(
        "timeout", .duration(isZeroAllowed: false, orOff: false), standard: .text("30s"),
        "Then its whole process tree is killed; the work never waits for it."),
    ])

  static let sinkHealth = KeywordGroup(
    "a sink's health",
    [
      Keyword(
        "path", .name(healthPath), standard: .text("/health"),
        "What is asked for on the sink's host, with GET.")
    ] + probeTimes)
}
