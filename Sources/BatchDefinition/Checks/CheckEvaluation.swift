// The checks that need no process: a candidate's bytes and a rule give a verdict.

package import BatchModel

/// What a check says about a candidate.
package enum CheckVerdict: Hashable, Sendable {
  case passed
  /// One line for a person and for the next attempt.
  case failed(String)
}

/// A candidate that cannot be read at all, which is no verdict.
package struct UnreadableCandidate: Error, Hashable, Sendable {
  package var path: String
  package var reason: String
  /// What is wrong, and what to do next.
  package var message: String {
    "the candidate \(path) cannot be read: \(reason); run `footplate verify`"
  }
}

/// Evaluates rules on candidates; those that need a process or the workspace are the runtime's.
package struct CheckEvaluation: Sendable {
  private let schemas: [String: JSONSchema]

  /// - Parameter schemas: By path, as the loader read them.
  package init(schemas: [String: JSONSchema] = [:]) { self.schemas = schemas }

  /// The verdict on a candidate; `nil` for a rule that needs more than its bytes.
  package func verdict(of rule: Check.Rule, on candidate: [UInt8]) -> CheckVerdict? {
    switch rule {
    case .run, .changed: nil
    case .nonempty: Self.nonempty(candidate)
    case .regex(let pattern): Self.regex(pattern, candidate)
    case .jsonValid: Self.document(candidate).verdict
    case .jsonSchema(let path): schema(path, candidate)
    }
  }

  /// The verdict on a candidate in a file, which may have any size: only what is small enough to be
  /// looked at as a whole is read as a whole.
  ///
  /// - Throws: When the file cannot be read; the attempt is then to be repeated, not failed.
  package func verdict(
    of rule: Check.Rule, onFile path: String
  ) throws(UnreadableCandidate) -> CheckVerdict? {
    if rule == .changed { return nil }
    if case .run = rule { return nil }
    do throws(ItemSourceError) {
      return try streamedVerdict(of: rule, onFile: path)
    } catch {
      guard case .unreadable(_, let reason) = error else {
        throw UnreadableCandidate(path: path, reason: error.message)
      }
      throw UnreadableCandidate(path: path, reason: reason)
    }
  }

  /// A text that is searched or parsed is held in memory.
  private static let wholeBytesMax = 64 << 20

  private func streamedVerdict(
    of rule: Check.Rule, onFile path: String
  ) throws(ItemSourceError) -> CheckVerdict? {
    var stream = try ByteStream(file: path)
    var whole: [UInt8] = []
    while true {
      let piece = try stream.next()
      if piece.isEmpty { return verdict(of: rule, on: whole) }
      if rule == .nonempty {
        // White space is only worth keeping to tell it from nothing.
        if Self.nonempty(piece) == .passed { return .passed }
        whole = [32]
        continue
      }
      guard whole.count + piece.count <= Self.wholeBytesMax else {
        let bound = Self.wholeBytesMax >> 20
        return .failed("the candidate is larger than \(bound) MiB, the bound of this check")
      }
      whole += piece
    }
  }

  private static func nonempty(_ candidate: [UInt8]) -> CheckVerdict {
    let isBlank = candidate.allSatisfy { (9...13).contains($0) || $0 == 32 }
    guard isBlank else { return .passed }
    return .failed(
      candidate.isEmpty ? "the candidate is empty" : "the candidate is only white space")
  }

  private static func regex(_ pattern: String, _ candidate: [UInt8]) -> CheckVerdict {
    guard let search = PatternSearch(pattern) else {
      return .failed("the pattern \"\(pattern)\" does not compile")
    }
    guard let text = String(validating: candidate, as: UTF8.self) else {
      return .failed("the candidate is not valid UTF-8 text")
    }
    return switch search.search(text) {
    case .found: .passed
    case .absent: .failed("the pattern \"\(pattern)\" is not found")
    case .gaveUp: .failed("the pattern \"\(pattern)\" takes too long on this candidate")
    }
  }

  private enum Document {
    case value(JSONValue)
    case problem(String)

    var verdict: CheckVerdict {
      switch self {
      case .value: .passed
      case .problem(let text): .failed(text)
      }
    }
  }

  private static func document(_ candidate: [UInt8]) -> Document {
    do throws(JSONReader.Mistake) {
      return .value(try JSONReader.value(of: candidate[...]))
    } catch {
      return .problem("not valid JSON at byte \(error.offset + 1): \(error.message)")
    }
  }

  private func schema(_ path: String, _ candidate: [UInt8]) -> CheckVerdict {
    guard let schema = schemas[path] else {
      return .failed("the schema \(path) was not loaded; load the definition again")
    }
    switch Self.document(candidate) {
    case .problem(let text): return .failed(text)
    case .value(let value):
      guard let problem = schema.problem(with: value) else { return .passed }
      return .failed("not valid against \(path): \(problem)")
    }
  }
}
