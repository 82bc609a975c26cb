extension Network {
  /// For each node the number of its output's axes, the batch's included; `nil` where the graph does not tell.
  ///
  /// Convolutions, poolings and layers that reshape tell, and an ``InputLayer`` that knows. Of a network that begins with
  /// fully connected layers the graph does not say whether it takes `(N, F)` or `(N, L, F)`.
  public var ranks: [Int?] {
    let (found, needed) = ranks(input: nodes[0].layer.outputRank(forInput: nil))
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
      if needed == nil, comesFromInput { needed = node.layer.kind.axes ?? (node.layer as? Transpose)?.order.count }
      found.append(node.layer.outputRank(forInput: known))
      isAlike.append(comesFromInput && node.layer.keepsRank)
    }
    return (found, needed)
  }
}

extension Layer {
  /// Whether the output has as many axes as the input.
  fileprivate var keepsRank: Bool {
    switch self {
    case is Flatten, is Reshape, is InputLayer: false
    case let sum as Sum: sum.axis == nil
    case let reduction as Reduction: reduction.keepsAxes
    case is Constant: false
    default: true
    }
  }

  fileprivate func outputRank(forInput rank: Int?) -> Int? {
    switch self {
    case let input as InputLayer: return input.rank
    case let flatten as Flatten: return flatten.outputRank(forInput: rank)
    case let reshape as Reshape: return reshape.sample.count + 1
    case let transpose as Transpose: return transpose.order.count
    case let sum as Sum where sum.axis != nil: return rank.map { $0 - 1 }
    case let reduction as Reduction where !reduction.keepsAxes: return rank.map { $0 - reduction.axes.count }
    case let constant as Constant: return constant.sample.rank
    default: return rank ?? kind.axes
    }
  }
}

extension Flatten {
  fileprivate func outputRank(forInput rank: Int?) -> Int? {
    if let rank { return rank - ((last < 0 ? last + rank : last) - (first < 0 ? first + rank : first)) }
    // Axes before the run are counted from the front, those after it from the end.
    return first >= 0 && last < 0 ? first - last : nil
  }
}

extension LayerKind {
  /// The number of axes of the input and the output where PyTorch's class takes one number only.
  fileprivate var axes: Int? {
    switch self {
    case .conv1d, .convTranspose1d, .avgPool1d, .adaptiveAvgPool1d, .maxPool1d, .adaptiveMaxPool1d: 3
    case .conv2d, .convTranspose2d, .avgPool2d, .adaptiveAvgPool2d, .maxPool2d, .adaptiveMaxPool2d, .batchNorm2d,
      .frozenBatchNorm2d, .instanceNorm2d:
      4
    case .conv3d, .convTranspose3d, .avgPool3d, .adaptiveAvgPool3d, .maxPool3d, .adaptiveMaxPool3d, .batchNorm3d,
      .instanceNorm3d:
      5
    case .lstm, .gru, .rnn, .gatedRecurrence: 3
    default: nil
    }
  }
}
