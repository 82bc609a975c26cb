import NeuralNetwork

extension Assignment {
  /// What an attribution with these rules should be read with care for, a sentence for each layer: normalisations by
  /// the input's own spread (``LayerKind/normalizesByItsInput``) that no rule was given, while other layers have one.
  public var warnings: [String] {
    guard matches.contains(where: { $0 != nil }) else { return [] }
    return zip(network.nodes, matches).compactMap { node, match in
      guard match == nil, let text = node.layer.kind.plainGradientWarning else { return nil }
      return "layer \(node.name): \(text)"
    }
  }
}

extension LayerKind {
  /// What there is to say of the plain gradient through a layer of this kind, or `nil`.
  public var plainGradientWarning: String? {
    guard normalizesByItsInput else { return nil }
    return "\(rawValue) has no rule: relevance goes through it as a plain gradient, which conserves nothing;"
      + " Pass, set by name, would hand it on"
  }
}
