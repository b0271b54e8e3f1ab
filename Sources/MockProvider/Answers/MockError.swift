// Errors as each API words them.

import BatchModel
import Providers

/// An error in the form of an API.
struct MockError {
  var status: Int
  /// Anthropic's type, and OpenAI's code.
  var anthropic: String
  var openai: String
  var message: String
  var detailCode: String?

  func body(of api: ModelAPI) -> JSONValue {
    guard api == .anthropic else {
      return .object([
        "error": .object([
          "message": .string(message), "type": .string(openai), "code": .string(openai),
          "param": .null,
        ])
      ])
    }
    var error: [String: JSONValue] = ["type": .string(anthropic), "message": .string(message)]
    error["details"] = detailCode.map { .object(["error_code": .string($0)]) }
    return .object(["type": .string("error"), "error": .object(error)])
  }

  /// The error in the middle of a stream.
  func event(of api: ModelAPI) -> JSONValue {
    guard api == .openaiResponses else { return body(of: api) }
    return .object([
      "type": .string("error"), "code": .string(openai), "message": .string(message),
    ])
  }

  static func of(status: Int) -> MockError {
    let (anthropic, openai) =
      switch status {
      case 401: ("authentication_error", "invalid_api_key")
      case 402: ("billing_error", "billing_not_active")
      case 403: ("permission_error", "permission_denied")
      case 404: ("not_found_error", "model_not_found")
      case 409: ("conflict_error", "conflict")
      case 413: ("request_too_large", "request_too_large")
      case 429: ("rate_limit_error", "rate_limit_exceeded")
      case 504: ("timeout_error", "timeout")
      case 503, 529: ("overloaded_error", "server_is_overloaded")
      case 500...: ("api_error", "server_error")
      default: ("invalid_request_error", "invalid_request_error")
      }
    return MockError(
      status: status, anthropic: anthropic, openai: openai, message: "scripted status \(status)")
  }

  static func of(_ quota: MockQuota, api: ModelAPI) -> MockError {
    switch quota {
    case .credit:
      MockError(
        status: api == .anthropic ? 402 : 429, anthropic: "billing_error",
        openai: "insufficient_quota", message: "The credit of this account is used up.")
    case .spend:
      MockError(
        status: 429, anthropic: "rate_limit_error", openai: "organization_spend_limit_exceeded",
        message: "The spend limit is reached.", detailCode: "enforced_spend_limit_reached")
    case .customer:
      MockError(
        status: api == .anthropic ? 400 : 429, anthropic: "invalid_request_error",
        openai: "organization_usage_limit_exceeded",
        message:
          "You have reached your specified API usage limits. You will regain access on 2099-01-01 at 00:00 UTC."
      )
    }
  }
}
