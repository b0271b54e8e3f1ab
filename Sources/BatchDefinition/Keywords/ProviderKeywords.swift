// The keyword table: providers with their limits, breakers and health, and the money.

import BatchModel

extension Keywords {
  static let provider = KeywordGroup(
    "a provider",
    [
      Keyword(
        "api", .oneOf(Provider.API.allCases.map(\.rawValue)),
        "How it is spoken to; cli is a command-line agent that run steps start. "
          + "Needed unless the name is anthropic or openai."),
      Keyword(
        "base_url", .url,
        "The address of a compatible server; without it the vendor's own."),
      Keyword(
        "key", .group(key),
        "Where its key is; without a base_url the vendor's usual variable."),
      Keyword(
        "billing", .oneOf(Provider.Billing.allCases.map(\.rawValue)), standard: .text("metered"),
        "By tokens, or a fixed sum: then costs are estimates, outside the cap, and need no price."),
      Keyword("limits", .group(limits), "What the provider allows."),
      Keyword("breaker", .group(breaker), "When calls stop for a while after failures."),
      Keyword(
        "health", .group(health),
        "A free request that tells whether the provider is well again; without it none is made."),
    ])

  static let key = KeywordGroup(
    "key",
    secretAdvice:
      "expected the name of an environment variable, as key: {env: ANTHROPIC_API_KEY}; "
      + "a key itself never stands in the definition",
    [
      Keyword(
        "env", .name(keyVariable), required: true, "The environment variable that holds the key.")
    ])

  static let limits = KeywordGroup(
    "limits",
    [
      Keyword("requests_per_minute", .integer(rates), "Requests in a minute."),
      Keyword("input_tokens_per_minute", .integer(rates), "Tokens read in a minute."),
      Keyword("output_tokens_per_minute", .integer(rates), "Tokens written in a minute."),
      Keyword("concurrent", .integer(1...1024), "Calls in flight."),
      Keyword(
        "adaptive", .flag, standard: .flag(false),
        "Finds out how many calls in flight are good, up to concurrent."),
    ])

  private static let rates = 1...1_000_000_000

  static let breaker = KeywordGroup(
    "breaker",
    [
      Keyword(
        "failures", .integer(1...1000), standard: .integer(3), "Failures in a row that open it."),
      Keyword(
        "window", .duration(isZeroAllowed: false, orOff: false), standard: .text("60s"),
        "The time over which rates are measured."),
      Keyword(
        "failure_rate", .share(isZeroAllowed: false), standard: .text("50%"),
        "The share of failures in the window that opens it."),
      Keyword(
        "minimum_calls", .integer(1...1_000_000), standard: .integer(10),
        "Calls that the window must hold before a rate counts."),
      Keyword(
        "slow_call", .duration(isZeroAllowed: false, orOff: true), standard: .text("off"),
        "A call that takes longer is slow."),
      Keyword(
        "slow_call_rate", .share(isZeroAllowed: false), standard: .text("80%"),
        "The share of slow calls in the window that opens it."),
      Keyword(
        "open_for", .duration(isZeroAllowed: false, orOff: false), standard: .text("60s"),
        "How long it stays open at first; each further time in a row is twice as long."),
      Keyword(
        "open_for_max", .duration(isZeroAllowed: false, orOff: false), standard: .text("10m"),
        "The longest time that it stays open by itself."),
      Keyword(
        "retry_after_max", .duration(isZeroAllowed: true, orOff: false), standard: .text("24h"),
        "The longest Retry-After of a server that is believed."),
      Keyword(
        "probes", .integer(1...8), standard: .integer(1),
        "Calls that are let through at once to find out whether it may close."),
      Keyword(
        "probe_doublings", .integer(0...3), standard: .integer(0),
        "How often the probes double before it closes: 2 is 1, 2, 4; at most 8 at once."),
      Keyword(
        "probe_timeout", .duration(isZeroAllowed: false, orOff: false), standard: .text("5m"),
        "A probe that has not ended after so long has failed."),
    ])

  static let health = KeywordGroup(
    "health",
    [
      Keyword(
        "path", .name(healthPath), standard: .text("/v1/models"), "What is asked for, with GET.")
    ] + probeTimes)

  /// How often a server is asked how it is, and how long it may take to say.
  static let probeTimes = [
    Keyword(
      "every", .duration(isZeroAllowed: false, orOff: false), standard: .text("30s"),
      "How long an answer counts."),
    Keyword(
      "timeout", .duration(isZeroAllowed: false, orOff: false), standard: .text("1s"),
      "A slower answer is none."),
  ]

  static let modelPrices = KeywordGroup(
    "a model's prices",
    [
      Keyword("input", .price, required: true, "Tokens read."),
      Keyword("output", .price, required: true, "Tokens written."),
      Keyword("cache_read", .price, "Tokens read from the prompt cache; else as input."),
      Keyword("cache_write", .price, "Tokens put into the prompt cache; else as input."),
      Keyword(
        "cache_write_1h", .price, "Tokens put into the prompt cache for an hour; else twice input."),
      Keyword("reasoning", .price, "Tokens of reasoning; else as output."),
    ])

  static let budget = KeywordGroup(
    "budget",
    [
      Keyword("cap", .money(isZeroAllowed: true), "The run's hard cap in USD."),
      Keyword(
        "per_item", .money(isZeroAllowed: true), "For one item, over all its steps and tries."),
      Keyword(
        "per_day", .money(isZeroAllowed: true), "For one day (UTC), over all runs of the folder."),
      Keyword(
        "on_reached", .oneOf(["pause", "stop"]), standard: .text("pause"),
        "Waits for the cap to be raised, or ends the run, to be resumed."),
    ])

  static let providerName = NameRule(
    pattern: "[A-Za-z_][A-Za-z0-9_.-]*", lengthMax: 64,
    expected: "letters, digits, _, . and -, beginning with a letter or _, at most 64 characters")
  /// In capitals, so that a key that was written by mistake is not taken for a name and shown.
  static let keyVariable = NameRule(
    pattern: "[A-Z_][A-Z0-9_]*", lengthMax: 100,
    expected: "the name of an environment variable in capitals, such as ANTHROPIC_API_KEY",
    hidesValue: true)
  static let healthPath = NameRule(
    pattern: "/[!-~]*", lengthMax: 500, expected: "a path such as /v1/models")
}
