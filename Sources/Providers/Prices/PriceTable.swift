// Which model has which price: the built-in list, the definition's own, and no guess in between.

/// Prices by model.
package struct PriceTable: Sendable {
  /// The answer to "what does this model cost".
  package enum Lookup: Hashable, Sendable {
    case known(Price)
    /// Not listed: no call of it is made until the definition says its price.
    case unknown(model: String, nearest: String?)

    package var price: Price? {
      guard case .known(let price) = self else { return nil }
      return price
    }
  }

  private var prices: [String: Price]

  package init(_ prices: [String: Price] = [:]) { self.prices = prices }

  /// The table with the definition's `prices` over its own.
  package func overridden(by own: [String: Price]) -> PriceTable {
    PriceTable(prices.merging(own) { $1 })
  }

  /// Every model with a price, sorted.
  package var models: [String] { prices.keys.sorted() }

  /// The price of `model`, or of the model of which it is a dated snapshot.
  ///
  /// A snapshot with a price of its own is listed under its own name and found first.
  package subscript(model: String) -> Lookup {
    if let price = prices[model] { return .known(price) }
    if let price = prices[Self.undated(model)] { return .known(price) }
    return .unknown(model: model, nearest: nearest(to: model))
  }

  /// `claude-sonnet-4-5-20250929` and `gpt-4.1-2025-04-14` without their date.
  private static func undated(_ model: String) -> String {
    String(model.replacing(/-(?:20\d{6}|20\d\d-\d\d-\d\d)$/, with: ""))
  }

  /// The listed name with the longest beginning in common, if that is most of it.
  private func nearest(to model: String) -> String? {
    let shares = models.map { ($0, zip($0, model).prefix { $0 == $1 }.count) }
    guard let best = shares.max(by: { $0.1 < $1.1 }), best.1 * 2 > model.count else { return nil }
    return best.0
  }
}
