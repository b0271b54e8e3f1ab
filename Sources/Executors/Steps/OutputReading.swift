// A process's standard output read while it comes, by somebody who knows its form.

/// Who reads standard output, and what stands in it.
package struct OutputReading: Sendable {
  /// Called on the executor's thread with every piece; what it returns goes into the log instead.
  package var listener: @Sendable (UnsafeRawBufferPointer) -> [UInt8]
  /// The candidate that the output holds, asked for once the process tree is gone.
  package var answer: @Sendable () -> Answer

  /// What the output holds.
  package enum Answer: Hashable, Sendable {
    case text(String)
    /// Nothing; the sentence says where it was looked for.
    case missing(String)
    /// It has no place for an answer: the output itself is the candidate.
    case none
  }

  package init(
    listener: @escaping @Sendable (UnsafeRawBufferPointer) -> [UInt8],
    answer: @escaping @Sendable () -> Answer
  ) {
    self.listener = listener
    self.answer = answer
  }
}
