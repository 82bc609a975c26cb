import Compute
import NeuralNetwork
import Tensors

/// Merges batch norms that stand *before* linear layers, as in DenseNets and pre-activation ResNets.
///
/// A batch norm computes `a x + c` per channel. The ReLU after it is moved in front of it as thresholds for `x`:
/// `ReLU(a x + c) = a t(x) + c` with `t(x) = max(x, −c/a)`, or `min` where `a` is negative. What remains, `a t + c`, is
/// folded into the linear layers that follow: `w ← w a`, `b ← b + Σ w c`. The batch norm becomes the identity and the
/// ReLU a ``ChannelClamp``, so that `Pass` on both is exact. Where a convolution pads with zeros, rows of `−c/a` are
/// padded before it, because `a (−c/a) + c = 0`.
///
/// ReLU6 and no activation at all work in the same way. Between activation and linear layers there may be average
/// pooling, flattening and dropout. A batch norm followed by anything else stays as it is; so does one followed by a
/// fully connected layer along another axis than the channels', as of `(N, C, L)`.
///
/// Source: Pahde et al., "Optimizing explanations by network canonization and hyperparameter search", CVPR workshops
/// 2023, for the idea of thresholds.
public struct ThresholdBatchNorm: GraphCanonizer {
  public var name: String { "ThresholdBatchNorm" }
  public init() {}

  public func isNeeded(by network: Network) -> Bool {
    let merged = Set(GraphMergeBatchNorm.merges(in: network).map(\.norm))
    return network.nodes.indices.contains { index in
      !merged.contains(index)
        && ThresholdPlan(norm: index, in: network).map { merged.isDisjoint(with: $0.norms) } ?? false
    }
  }

  public func apply(to network: Network) throws -> Network {
    var layers: [Int: any Layer] = [:]
    var paddings: [Int: ChannelPadding] = [:]
    for index in network.nodes.indices {
      guard layers[index] == nil, let plan = ThresholdPlan(norm: index, in: network) else { continue }
      for norm in plan.norms {
        if let layer = network.nodes[norm].layer as? any BatchNormalizing { layers[norm] = layer.identityLayer() }
      }
      if let activation = plan.activation {
        let bounds = plan.affine.bounds(plan.range.lower, plan.range.upper)
        layers[activation] = try ChannelClamp(lower: bounds.lower, upper: bounds.upper)
      }
      for target in plan.targets {
        let merged = try plan.merged(into: network.nodes[target].layer)
        layers[target] = merged.layer
        paddings[target] = merged.padding
      }
    }
    return try network.replacing(layers).inserting(paddings)
  }
}

/// A batch norm with what has to change when it is merged forwards.
private struct ThresholdPlan {
  /// The batch norms in a row, and what they compute together.
  var norms: [Int]
  var affine: ChannelAffine
  /// The clamping activation after them.
  var activation: Int?
  var range = (lower: -Double.infinity, upper: Double.infinity)
  /// The linear layers that everything ends in.
  var targets: [Int] = []

  /// `nil` if the node is no batch norm that can be merged.
  init?(norm first: Int, in network: Network) {
    let uses = network.usesOfPaths
    func batchNorm(_ index: Int) -> (any BatchNormalizing)? {
      uses[network.nodes[index].path] == 1 ? network.nodes[index].layer as? any BatchNormalizing : nil
    }
    guard let layer = batchNorm(first) else { return nil }
    norms = [first]
    affine = layer.affine
    var last = first
    func only(_ index: Int) -> Int? {
      index != network.output && network.consumers[index].count == 1 ? network.consumers[index][0] : nil
    }
    while let next = only(last), let norm = batchNorm(next) {
      norms.append(next)
      affine = affine.followed(by: norm.affine)
      last = next
    }
    guard !affine.isIdentity else { return nil }
    if let next = only(last), let activation = network.nodes[next].layer as? ActivationLayer {
      switch activation.activation {
      case .relu: range = (0, .infinity)
      case .relu6: range = (0, 6)
      default: return nil
      }
      self.activation = next
      last = next
    }
    guard collect(from: last, in: network, uses, network.ranks), !targets.isEmpty else { return nil }
    for target in targets where !fits(network.nodes[target].layer) { return nil }
  }

  /// Finds the linear layers that read a node, through layers that keep channels and constants.
  private mutating func collect(
    from index: Int, in network: Network, _ uses: [String: Int], _ ranks: [Int?]
  ) -> Bool {
    guard index != network.output, !network.consumers[index].isEmpty else { return false }
    for consumer in network.consumers[index] {
      let node = network.nodes[consumer]
      switch node.layer {
      case is Convolution, is FullyConnected:
        // The last axis is the channels', or all of a sample, channel by channel, only where it is the second.
        guard uses[node.path] == 1, node.layer is Convolution || ranks[index] ?? 2 == 2 else { return false }
        targets.append(consumer)
      case let pool as AveragePool where pool.keepsConstants:
        guard collect(from: consumer, in: network, uses, ranks) else { return false }
      case let flatten as Flatten where flatten.first > 0:
        guard collect(from: consumer, in: network, uses, ranks) else { return false }
      case is AdaptiveAveragePool, is Dropout, is Identity:
        guard collect(from: consumer, in: network, uses, ranks) else { return false }
      default: return false
      }
    }
    return true
  }

  private func fits(_ layer: any Layer) -> Bool {
    let channels = affine.scale.count
    switch layer {
    case let layer as Convolution:
      guard !layer.geometry.isTransposed, layer.weight.shape[1] * layer.geometry.groups == channels else {
        return false
      }
      // A channel that is constant has no value that makes the padding zero.
      return !isPadded(layer) || zip(affine.scale, affine.shift).allSatisfy { $1 == 0 || Float($1 / $0).isFinite }
    case let layer as FullyConnected: return layer.weight.shape[1] % channels == 0
    default: return false
    }
  }

  private func isPadded(_ layer: Convolution) -> Bool {
    (layer.geometry.paddingBegin + layer.geometry.paddingEnd).contains { $0 != 0 } && affine.shift.contains { $0 != 0 }
  }

  /// What a channel adds to the linear layer's output per weight: `c`, or for a constant channel all of `f(c)`.
  private func constant(_ channel: Int) -> Double {
    affine.scale[channel] == 0
      ? min(max(affine.shift[channel], range.lower), range.upper) : affine.shift[channel]
  }

  /// A linear layer with the affine map folded in, and the padding to put before it.
  func merged(into layer: any Layer) throws -> (layer: any Layer, padding: ChannelPadding?) {
    guard let layer = layer as? any ParameterizedLayer else { return (layer, nil) }
    let shape = layer.weight.shape
    let outputs = shape[0]
    let convolution = layer as? Convolution
    let groups = convolution?.geometry.groups ?? 1
    // Numbers of a weight's row that belong to one channel.
    let perChannel = convolution == nil ? shape[1] / affine.scale.count : shape.dimensions.dropFirst(2).reduce(1, *)
    let row = shape.count / outputs
    var weight = layer.weight.rowMajorElements()
    var bias = layer.bias?.rowMajorElements().map(Double.init) ?? [Double](repeating: 0, count: outputs)
    for output in 0..<outputs {
      let firstChannel = groups == 1 ? 0 : output / (outputs / groups) * shape[1]
      for place in 0..<row {
        let channel = firstChannel + place / perChannel
        let index = output * row + place
        bias[output] += Double(weight[index]) * constant(channel)
        weight[index] = Float(Double(weight[index]) * affine.scale[channel])
      }
    }
    let newWeight = Tensor(shape, rowMajor: weight, layout: .rowMajor)
    let hasBias = layer.bias != nil || bias.contains { $0 != 0 }
    let newBias = hasBias ? Tensor([outputs], rowMajor: bias.map { Float($0) }) : nil
    guard let convolution, isPadded(convolution) else {
      return (layer.replacing(weight: newWeight, bias: newBias), nil)
    }
    var geometry = convolution.geometry
    let padding = try ChannelPadding(
      values: affine.scale.indices.map { affine.shift[$0] == 0 ? 0 : Float(-affine.shift[$0] / affine.scale[$0]) },
      begin: geometry.paddingBegin, end: geometry.paddingEnd)
    geometry.paddingBegin = geometry.paddingBegin.map { _ in 0 }
    geometry.paddingEnd = geometry.paddingEnd.map { _ in 0 }
    return (try Convolution(geometry: geometry, weight: newWeight, bias: newBias), padding)
  }
}

extension Network {
  /// The network with a layer before each of some nodes, called `path.padding`.
  fileprivate func inserting(_ layers: [Int: ChannelPadding]) throws -> Network {
    guard !layers.isEmpty else { return self }
    var places: [Int] = []
    var result: [Node] = []
    var order = registrationOrder
    for (index, node) in nodes.enumerated() {
      var inputs = node.inputs.map { places[$0] }
      if let layer = layers[index] {
        let path = node.path + ".padding"
        result.append(Node(name: path, path: path, layer: layer, inputs: inputs))
        inputs = [result.count - 1]
        order.insert(path, at: order.firstIndex(of: node.path) ?? order.endIndex)
      }
      places.append(result.count)
      result.append(Node(name: node.name, path: node.path, layer: node.layer, inputs: inputs))
    }
    return try Network(
      name: name, nodes: result, output: places[output], registrationOrder: order, meaning: declaredMeaning)
  }
}
