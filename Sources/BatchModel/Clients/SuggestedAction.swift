// What a person would do about a failure, from its signature alone: the dashboard and the commands
// say the same.

/// The next thing to do about a group of failures.
package enum SuggestedAction: String, Hashable, Sendable, CaseIterable {
  case retry
  /// The cause passes by itself.
  case retryLater = "retry-later"
  case retryLonger = "retry-longer"
  case fixKey = "fix-key"
  case addCredit = "add-credit"
  case fixModel = "fix-model"
  case fixRequest = "fix-request"
  case shorten
  case raiseOutput = "raise-output"
  case editPrompt = "edit-prompt"
  case fixCheck = "fix-check"
  case fixCommand = "fix-command"
  case fixInput = "fix-input"
  case keepOrOverwrite = "keep-or-overwrite"
  case fixTarget = "fix-target"
  case raiseItemCap = "raise-item-cap"
  case review
  case land
  case freeDisk = "free-disk"
  case look

  /// What to do, short enough for a column: `retry with a longer timeout`.
  package var sentence: String {
    switch self {
    case .retry: "retry"
    case .retryLater: "retry when the provider is well"
    case .retryLonger: "retry with a longer timeout"
    case .fixKey: "fix the key, then retry"
    case .addCredit: "add credit or raise the limit, then retry"
    case .fixModel: "fix the model's name, then retry"
    case .fixRequest: "fix the parameters, then retry"
    case .shorten: "shorten the input or skip"
    case .raiseOutput: "raise max_tokens, then retry"
    case .editPrompt: "edit the prompt or skip"
    case .fixCheck: "read what the check says, then edit or retry"
    case .fixCommand: "fix the command, then retry"
    case .fixInput: "fix the input, then retry"
    case .keepOrOverwrite: "keep the changed file or retry --force"
    case .fixTarget: "fix the output path, then retry"
    case .raiseItemCap: "retry with a higher cap per item"
    case .review: "review: accept or send back"
    case .land: "resolve the conflict, then retry"
    case .freeDisk: "free the disk, then retry"
    case .look: "read the log, then retry or skip"
    }
  }

  /// What follows from a group's signature: its class, then the provider's own words in it.
  package init(for signature: Signature) {
    let text = signature.text
    let word = text.prefix { $0 != " " && $0 != ":" }
    // A signature of another version of Footplate may have a class that this one does not know.
    guard let kind = Failure.Class(rawValue: String(word)) else {
      self = .look
      return
    }
    self.init(for: kind, message: text.dropFirst(word.utf8.count).lowercased())
  }

  private init(for kind: Failure.Class, message: String) {
    self =
      switch kind {
      case .notStarted: .fixCommand
      case .exit, .signal, .agent, .agentProtocol: Self.ofProcess(message)
      case .timeout, .stall: .retryLonger
      case .hollow, .inputChanged, .broken, .unknown: .retry
      case .check: .fixCheck
      case .input: .fixInput
      case .targetChanged: .keepOrOverwrite
      case .publish: .fixTarget
      case .agentFinal: .look
      case .diskFull: .freeDisk
      case .provider: Self.ofProvider(message) ?? .retryLater
      case .request: Self.ofProvider(message) ?? .fixRequest
      case .refusal: .editPrompt
      case .truncated: .raiseOutput
      case .budget: .raiseItemCap
      case .loop, .rounds: .review
      case .mergeConflict: .land
      }
  }

  /// A command that calls a provider says so in its own words.
  private static func ofProcess(_ message: String) -> SuggestedAction {
    if message.hasPrefix(" 127") || message.hasPrefix(" 126") { return .fixCommand }
    return ofProvider(message) ?? .retry
  }

  /// The words of the table of outcomes first, then those of the providers.
  private static func ofProvider(_ message: String) -> SuggestedAction? {
    let table: [(words: [String], action: SuggestedAction)] = [
      (
        ["key-refused", "forbidden", "authentication", "api key", "api-key", "unauthorized"],
        .fixKey
      ),
      (["credit", "spend-limit", "billing", "quota", "usage limit"], .addCredit),
      (["too-large", "context length", "context window", "prompt is too long"], .shorten),
      (["not-found", "no such model", "there is no provider"], .fixModel),
      (["certificate", "redirected", "connection", "overloaded", "rate limit"], .retryLater),
    ]
    // By bytes: a screen asks for every group ten times a second, and `String.contains` makes a table
    // of its own for every word of these.
    let bytes = Array(message.utf8)
    return table.first { row in row.words.contains { bytes.holds(Array($0.utf8)) } }?.action
  }
}

extension [UInt8] {
  /// Whether these bytes stand somewhere among those.
  fileprivate func holds(_ word: [UInt8]) -> Bool {
    guard let first = word.first, count >= word.count else { return word.isEmpty }
    return (0...(count - word.count)).contains { start in
      self[start] == first && self[start..<(start + word.count)].elementsEqual(word)
    }
  }
}
