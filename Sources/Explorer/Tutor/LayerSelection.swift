import NeuralNetwork

/// Layers by name, as composite files name them: a name, a glob (`features.*`), a range in layer order
/// (`features.0..features.8`) or a type (`Linear`, `Convolution`, `Sum`).
package struct LayerSelection: Hashable, Sendable {
  package var selectors: [String]

  package init(_ selectors: [String]) { self.selectors = selectors }

  /// The modules that take rules and are meant, in layer order.
  func paths(_ model: ModelState) -> [String] {
    let order = model.paths
    var chosen = Set<String>()
    for selector in selectors {
      if let type = LayerType.named(selector) {
        chosen.formUnion(order.filter { path in model.rows(ofPath: path).contains { type.contains($0.kind) } })
      } else if let range = Self.range(selector) {
        guard let first = order.firstIndex(of: range.first), let last = order.firstIndex(of: range.last), first <= last
        else { continue }
        chosen.formUnion(order[first...last])
      } else {
        chosen.formUnion(order.filter { Glob.matches(selector, $0) })
      }
    }
    return order.filter(chosen.contains)
  }

  private static func range(_ text: String) -> (first: String, last: String)? {
    let parts = text.split(separator: "..").map(String.init)
    return parts.count == 2 ? (parts[0], parts[1]) : nil
  }

  /// `Linear`, `classifier.0 and classifier.3`.
  package var words: String { selectors.joined(separator: " and ") }
}
