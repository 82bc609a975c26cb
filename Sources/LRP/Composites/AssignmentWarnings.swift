import NeuralNetwork

extension Assignment {
  /// What an attribution with these rules should be read with care for, a sentence for each layer: normalisations by
  /// the input's own spread (``LayerTraits/Linearity/normalizing``) that no rule was given, while other layers have one.
  public var warnings: [String] {
    guard matches.contains(where: { $0 != nil }) else { return [] }
    return zip(network.nodes, matches).compactMap { node, match in
      guard match == nil, let text = node.layer.plainGradientWarning else { return nil }
      return "layer \(node.name): \(text)"
    }
  }
}

extension Layer {
  /// What there is to say of the plain gradient through the layer, or `nil`.
  public var plainGradientWarning: String? {
    guard traits.linearity == .normalizing else { return nil }
    return "\(kind.rawValue) has no rule: relevance goes through it as a plain gradient, which conserves nothing;"
      + " Pass, set by name, would hand it on"
  }
}
