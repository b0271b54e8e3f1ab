// The price list by which a batch is billed: the built-in one, and the definition's own over it.

package import BatchModel
package import Providers

extension Batch {
  /// The prices of every model that this batch may ask.
  package var priceTable: PriceTable {
    PriceTable.builtIn.overridden(by: prices.compactMapValues { Price(own: $0) })
  }
}

extension Price {
  /// A model's prices as the definition has them: decimal text by kind of token.
  ///
  /// `nil` without a valid `input` and `output`, which a loaded definition never lacks.
  init?(own texts: [String: String]) {
    func rate(_ name: String) -> TokenPrice? {
      texts[name].flatMap { TokenPrice(dollarsPerMillion: $0) }
    }
    guard let input = rate("input"), let output = rate("output") else { return nil }
    self.init(
      rates: Rates(
        input: input, output: output, cacheRead: rate("cache_read"),
        cacheWrite: rate("cache_write"), hourCacheWrite: rate("cache_write_1h"),
        reasoning: rate("reasoning")))
  }
}
