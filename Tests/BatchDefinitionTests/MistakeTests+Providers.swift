// The mistakes of providers, prices and budgets, each beside the words that a person reads; they
// stand in line 7.

extension MistakeTests {
  static let providerTable: [(String, String)] =
    providerRows + addressRows + breakerRows + moneyRows

  private static let providerRows = [
    ("providers: {}", #"7:12: "providers" is empty; expected at least one name and its value"#),
    ("providers: [anthropic]", #"7:12: expected names and values for "providers", found a list"#),
    ("providers: {anthropic: claude}", #"7:24: expected a provider as a mapping, found "claude""#),
    (
      "providers: {a b: {api: openai}}",
      #"7:13: "a b" is no valid name in "providers"; expected letters, digits, _, . and -, "#
        + "beginning with a letter or _, at most 64 characters"
    ),
    (
      "providers: {mine: {}}",
      #"7:19: the provider "mine" has no "api"; expected one of: anthropic, openai, "#
        + "openai-responses, cli"
    ),
    (
      "providers: {mine: {api: opnai}}",
      #"7:25: unknown value "opnai" of "api"; expected one of: anthropic, openai, "#
        + #"openai-responses, cli; did you mean "openai"?"#
    ),
    (
      "providers: {mine: {api: openai, api_key: sk-secret}}",
      #"7:33: unknown key "api_key" of a provider; expected one of: api, base_url, key, billing, "#
        + "limits, breaker, health"
    ),
    (
      "providers: {claude: {api: cli, base_url: 'http://a', key: {env: A}, health: {}}}",
      """
      7:32: "base_url" is only for a provider with an address, not for cli; remove it
      7:54: "key" is only for a provider with an address, not for cli; remove it
      7:69: "health" is only for a provider with an address, not for cli; remove it
      """
    ),
    (
      "providers: {anthropic: {limits: {requests_per_minute: 0, concurrent: 1e3, adaptive: 1}}}",
      """
      7:55: expected a whole number from 1 to 1000000000 for "requests_per_minute", found "0"
      7:70: expected a whole number from 1 to 1024 for "concurrent", found "1e3"
      7:85: expected true or false for "adaptive", found "1"
      """
    ),
    (
      "providers: {anthropic: {health: {path: v1, every: 0s}}}",
      """
      7:40: expected a path such as /v1/models for "path", found "v1"
      7:51: expected a duration such as 250ms, 10s, 3m or 1h30m for "every", found "0s"
      """
    ),
    (
      "providers: {anthropic: {billing: free}}",
      #"7:34: unknown value "free" of "billing"; expected one of: metered, subscription"#
    ),
  ]

  private static let addressRefusal =
    "expected an http or https address without user, password, query and fragment, such as "
    + #"http://localhost:8000/v1 for "base_url""#

  private static let addressRows = [
    "localhost:8000", "ftp://a.example", "http://", "http:///v1", "http://u:secret@a.example",
    "'https://a.example/v1?key=secret'", "'https://a.example/#secret'", "'http://a b'",
    "http://a.example:99999", "'http://a\\b'", "http://ä.example", "~", "[a]",
  ].map { address in
    (
      "providers: {mine: {api: openai, base_url: \(address)}}", "7:43: " + addressRefusal
    )
  }

  private static let breakerRows = [
    (
      "providers: {openai: {breaker: {failures: 0}}}",
      #"7:42: expected a whole number from 1 to 1000 for "failures", found "0""#
    ),
    (
      "providers: {openai: {breaker: {failure_rate: 0%, slow_call_rate: .nan}}}",
      """
      7:46: expected a share such as 20% or 0.2, above 0 for "failure_rate", found "0%"
      7:66: expected a share such as 20% or 0.2, above 0 for "slow_call_rate", found ".nan"
      """
    ),
    (
      "providers: {openai: {breaker: {open_for: 20m, open_for_max: 10m}}}",
      "7:47: open_for_max is shorter than open_for; expected at least as long"
    ),
    (
      "providers: {openai: {breaker: {probes: 4, probe_doublings: 2}}}",
      "7:43: probes, doubled so often, are more than 8 at once; expected fewer probes or doublings"
    ),
    (
      "providers: {openai: {breaker: {probes: 9}}}",
      #"7:40: expected a whole number from 1 to 8 for "probes", found "9""#
    ),
    (
      "providers: {openai: {breaker: {opn_for: 1s}}}",
      #"7:32: unknown key "opn_for" of breaker; expected one of: failures, window, failure_rate, "#
        + "minimum_calls, slow_call, slow_call_rate, open_for, open_for_max, retry_after_max, "
        + #"probes, probe_doublings, probe_timeout; did you mean "open_for"?"#
    ),
  ]

  private static let moneyRows =
    [
      ("prices: {}", #"7:9: "prices" is empty; expected at least one name and its value"#),
      (
        "prices: {m: {input: 1}}",
        #"7:13: a model's prices has no "output"; expected a price in USD for a million tokens "#
          + "such as 3.00, from 0 to 10000"
      ),
      (
        "prices: {m: {input: 1, output: 2, cahce_read: 3}}",
        #"7:35: unknown key "cahce_read" of a model's prices; expected one of: input, output, "#
          + #"cache_read, cache_write, cache_write_1h, reasoning; did you mean "cache_read"?"#
      ),
      (
        "budget: {cap: 40, on_reached: sleep}",
        #"7:31: unknown value "sleep" of "on_reached"; expected one of: pause, stop"#
      ),
      ("budget: 40", #"7:9: expected budget as a mapping, found "40""#),
    ]
    + noAmounts.map { text, shown in
      (
        "prices: {m: {input: \(text), output: 2}}",
        "7:21: expected a price in USD for a million tokens such as 3.00, from 0 to 10000 for "
          + #""input", found \#(shown)"#
      )
    }
    + noAmounts.map { text, shown in
      (
        "budget: {cap: \(text)}",
        #"7:15: expected an amount in USD such as 40 or 0.50, from 0 to 1000000 for "cap", "#
          + "found \(shown)"
      )
    }

  /// What is no amount of money, and how a message shows it.
  private static let noAmounts = [
    ("-1", #""-1""#), (".nan", #"".nan""#), ("NaN", #""NaN""#), (".inf", #"".inf""#),
    ("1e9", #""1e9""#), ("1000001", #""1000001""#), ("$3", #""$3""#),
    ("0x10", #""0x10""#), ("1_000", #""1_000""#), ("'3 '", #""3 ""#), ("'٣'", #""٣""#),
    (".5", #"".5""#), ("1e", #""1e""#), ("~", "nothing"), ("[3]", "a list"),
    ("{usd: 3}", "a mapping"),
    ("99999999999999999999999999999999999999999", #""9999999999999999999999999999999999999999…""#),
  ]
}
