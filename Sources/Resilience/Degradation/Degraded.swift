// An answer in any case: the real one, or a fallback that says that it is one.

/// A value, and the failure that it stands in for when it is not the real one.
public struct Degraded<Value> {
  /// What to go on with.
  public let value: Value
  /// Why it is the fallback; `nil` when it is the real one.
  public let failure: (any Error)?

  /// Whether the value is the fallback.
  public var isDegraded: Bool { failure != nil }
}

extension Degraded: Sendable where Value: Sendable {}

/// Never fails: runs `operation`, and answers with `fallback` when it throws.
///
/// For what must not stop the work around it. Cancellation is answered with the fallback too; a
/// caller that has to stop checks for it.
///
/// - Parameter onFailure: Told of the error before the fallback is taken: the place to log.
public func degrading<Value>(
  to fallback: @autoclosure () -> Value, onFailure: (any Error) -> Void = { _ in },
  _ operation: () async throws -> Value
) async -> Degraded<Value> {
  do {
    return Degraded(value: try await operation(), failure: nil)
  } catch {
    onFailure(error)
    return Degraded(value: fallback(), failure: error)
  }
}

/// The same for an operation that does not wait.
public func degrading<Value>(
  to fallback: @autoclosure () -> Value, onFailure: (any Error) -> Void = { _ in },
  _ operation: () throws -> Value
) -> Degraded<Value> {
  do {
    return Degraded(value: try operation(), failure: nil)
  } catch {
    onFailure(error)
    return Degraded(value: fallback(), failure: error)
  }
}
