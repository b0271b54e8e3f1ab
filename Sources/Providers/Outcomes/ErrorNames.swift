// The names that providers give to their errors, sorted by what follows from them.
// Sources: the error references of Anthropic, OpenAI and the Gemini API, read 2026-11.

extension ProviderError {
  /// What kind of error this is by its names and, where the names are too broad, its message.
  enum Meaning: Hashable {
    case overloaded, serverError, timedOut
    case rateLimited
    case quota(Verdict.Quota)
    case refusal
    case stop(Verdict.StopReason)
    case unknown
  }

  var meaning: Meaning {
    if let quota { return .quota(quota) }
    for name in [kind, detail] {
      if let meaning = Self.meanings[name.lowercased()] { return meaning }
    }
    return .unknown
  }

  private static let meanings: [String: Meaning] = [
    "overloaded_error": .overloaded, "server_is_overloaded": .overloaded,
    "unavailable": .overloaded, "engine_overloaded": .overloaded, "slow_down": .rateLimited,
    "api_error": .serverError, "server_error": .serverError, "internal": .serverError,
    "internal_error": .serverError, "internal_server_error": .serverError,
    "timeout_error": .timedOut, "deadline_exceeded": .timedOut,
    "rate_limit_error": .rateLimited, "rate_limit_exceeded": .rateLimited,
    "rate_limit_reached": .rateLimited, "resource_exhausted": .rateLimited,
    "requests": .rateLimited, "tokens": .rateLimited,
    "content_filter": .refusal, "content_policy_violation": .refusal, "invalid_prompt": .refusal,
    "authentication_error": .stop(.keyRefused), "invalid_api_key": .stop(.keyRefused),
    "unauthenticated": .stop(.keyRefused), "permission_error": .stop(.forbidden),
    "permission_denied": .stop(.forbidden), "not_found_error": .stop(.notFound),
    "model_not_found": .stop(.notFound), "request_too_large": .stop(.tooLarge),
    "context_length_exceeded": .stop(.tooLarge), "string_above_max_length": .stop(.tooLarge),
    "idempotency_error": .stop(.idempotencyConflict),
    "invalid_request_error": .stop(.badRequest), "invalid_argument": .stop(.badRequest),
    "failed_precondition": .stop(.badRequest),
  ]

  private static let quotas: [String: Verdict.Quota] = [
    "insufficient_quota": .credit, "credit_balance_exhausted": .credit, "billing_error": .credit,
    "billing_not_active": .credit, "billing_hard_limit_reached": .spendLimit,
    "organization_spend_limit_exceeded": .spendLimit, "project_spend_limit_exceeded": .spendLimit,
    "enforced_spend_limit_reached": .spendLimit,
    "organization_usage_limit_exceeded": .usage,
  ]

  private var quota: Verdict.Quota? {
    for name in [kind, detail] {
      if let quota = Self.quotas[name.lowercased()] { return quota }
    }
    // A limit that the customer set comes as a plain 400.
    if message.contains(/(?i)specified (?:API|workspace) usage limits/) { return .spendLimit }
    return message.contains(/(?i)credit balance is too low/) ? .credit : nil
  }
}
