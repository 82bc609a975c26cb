extension Network {
  /// For each node the number of its output's axes, the batch's included; `nil` where the graph does not tell.
  ///
  /// Convolutions, poolings and layers that reshape tell, and an ``InputLayer`` that knows. Of a network that begins with
  /// fully connected layers the graph does not say whether it takes `(N, F)` or `(N, L, F)`.
  public var ranks: [Int?] {
    let (found, needed) = ranks(input: nodes[0].layer.traits.axes.output(forInput: nil))
    guard found[0] == nil, let needed else { return found }
    return ranks(input: needed).found
  }

  /// - Returns: what is found, and what the first layer that takes one number of axes only asks of the input.
  private func ranks(input: Int?) -> (found: [Int?], needed: Int?) {
    var found = [input]
    // Nodes whose outputs have as many axes as the input, whatever that is.
    var isAlike = [true]
    var needed: Int?
    for node in nodes.dropFirst() {
      let known = node.inputs.lazy.compactMap { found[$0] }.first
      let comesFromInput = node.inputs.contains { isAlike[$0] }
      let axes = node.layer.traits.axes
      found.append(axes.output(forInput: known))
      guard case .kept(let only) = axes else {
        isAlike.append(false)
        continue
      }
      if needed == nil, comesFromInput { needed = only }
      isAlike.append(comesFromInput)
    }
    return (found, needed)
  }
}

extension LayerTraits.Axes {
  /// How many axes the output has for an input of `rank`; `nil` where that is not known.
  func output(forInput rank: Int?) -> Int? {
    switch self {
    case .kept(let only): return rank ?? only
    case .fixed(let rank): return rank
    case .fewer(let count): return rank.map { $0 - count }
    case .joined(let first, let last):
      if let rank { return rank - ((last < 0 ? last + rank : last) - (first < 0 ? first + rank : first)) }
      // Axes before the run are counted from the front, those after it from the end.
      return first >= 0 && last < 0 ? first - last : nil
    }
  }
}
