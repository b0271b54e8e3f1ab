// What a call can cost at most, known before it is sent: what the hard cap reserves.

package import BatchModel

/// The bounds of a call's bill.
///
/// They hold for text: a token is at least one byte of UTF-8, and what the provider's template adds
/// is bounded by an allowance.
package struct CallBound: Hashable, Sendable {
  /// Markers around each turn and the provider's own instructions, generously.
  static let templateTokens: Int64 = 256
  /// What a provider says to the model about a schema, besides the schema itself.
  static let schemaTemplateTokens: Int64 = 2048

  package var inputTokensMax: Int64
  package var outputTokensMax: Int64
  var mayWriteHourCache: Bool

  /// The bounds of `call`, whose request has the body of `request`: everything that the model reads
  /// stands in it.
  package init(of call: ModelCall, as request: HTTPCall) {
    let template = call.answerSchema == nil ? Self.templateTokens : Self.schemaTemplateTokens
    inputTokensMax = Int64(request.body.count) + template
    outputTokensMax = Self.product(Int64(call.outputTokensMax), call.answerCount)
    mayWriteHourCache = call.mayWriteHourCache
  }

  /// The bounds by numbers alone, for planning before the prompts are rendered.
  package init(inputTokensMax: Int64, outputTokensMax: Int64, mayWriteHourCache: Bool = false) {
    self.inputTokensMax = inputTokensMax
    self.outputTokensMax = outputTokensMax
    self.mayWriteHourCache = mayWriteHourCache
  }

  private static func product(_ left: Int64, _ right: Int64) -> Int64 {
    let (product, overflow) = left.multipliedReportingOverflow(by: right)
    return overflow ? .max : product
  }
}

extension Price {
  /// The most that a call within `bound` can cost:
  /// `input bound · max(input, cache write) + output bound · max(output, reasoning)`.
  package func worstCase(of bound: CallBound) -> Money {
    var prices = [rates]
    if let longPrompt, bound.inputTokensMax > longPrompt.aboveTokens {
      prices.append(longPrompt.rates)
    }
    var bill = Bill()
    bill.add(
      bound.inputTokensMax,
      at: prices.map { $0.dearestInput(withHourCache: bound.mayWriteHourCache) }
        .reduce(rates.input, max))
    bill.add(
      bound.outputTokensMax,
      at: prices.map { max($0.output, $0.reasoning) }.reduce(rates.output, max))
    return bill.total
  }

  /// The largest `max_tokens` whose worst case still fits into `money`; `nil` when not even the
  /// prompt does.
  package func outputTokens(affordableWith money: Money, bound: CallBound, answers: Int64 = 1)
    -> Int64?
  {
    precondition(answers >= 1, "a call has at least one answer")
    var low: Int64 = 0
    var high = bound.outputTokensMax / answers
    var bound = bound
    while low < high {
      let middle = low + (high - low + 1) / 2
      bound.outputTokensMax = middle * answers
      if worstCase(of: bound) <= money { low = middle } else { high = middle - 1 }
    }
    return low == 0 ? nil : low
  }
}

extension Price.Rates {
  func dearestInput(withHourCache: Bool) -> TokenPrice {
    let dearest = max(input, cacheRead, cacheWrite)
    return withHourCache ? max(dearest, hourCacheWrite) : dearest
  }
}
