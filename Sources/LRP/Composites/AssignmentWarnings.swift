import NeuralNetwork

extension Assignment {
  /// What an attribution with these rules should be read with care for, a sentence for each layer: normalisations by
  /// the input's own spread (``LayerTraits/Linearity/normalizing``) that no rule was given, while other layers have one.
  public var warnings: [String] {
    guard matches.contains(where: { $0 != nil }) else { return [] }
    return zip(network.nodes, matches).compactMap { node, match in
      guard match == nil, let text = node.layer.traits.plainGradientWarning(of: node.layer.kind) else { return nil }
      return "layer \(node.name): \(text)"
    }
  }
}

extension LayerTraits {
  /// What there is to say of the plain gradient through a layer of a kind, or `nil`.
  public func plainGradientWarning(of kind: LayerKind) -> String? {
    guard linearity == .normalizing else { return nil }
    return "\(kind.rawValue) has no rule: relevance goes through it as a plain gradient, which conserves nothing;"
      + " Pass, set by name, would hand it on"
  }
}
