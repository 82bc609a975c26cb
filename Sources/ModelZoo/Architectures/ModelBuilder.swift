import Compute
import NeuralNetwork
import Tensors

/// Collects the layers of an architecture in forward order and fetches their parameters.
///
/// Each method adds one layer that reads the layer added last, or the node `entry`, and returns its node.
struct ModelBuilder {
  private var network: NetworkBuilder
  private var parameters: any ParameterSource

  /// Leaf module paths in the order in which the PyTorch module registers them, if that is not forward order.
  var registrationOrder: [String]? {
    get { network.registrationOrder }
    set { network.registrationOrder = newValue }
  }

  /// The node added last.
  var last: Int { network.last }

  init(name: String, parameters: any ParameterSource) {
    network = NetworkBuilder(name: name)
    self.parameters = parameters
  }

  /// - Throws: ``ModelZooError`` if parameters were missing or are left over.
  func build() throws -> Network {
    try parameters.finish()
    return try network.build()
  }

  @discardableResult
  private mutating func add(_ path: String, _ layer: any Layer, from entry: Int? = nil) -> Int {
    network.add(path, layer, from: entry.map { [$0] })
  }

  /// A 2-D convolution with a square kernel. `padding` zeros come before each axis, `paddingEnd` (as many, if `nil`)
  /// after it.
  @discardableResult
  mutating func convolution(
    _ path: String, _ input: Int, _ output: Int, kernel: Int, stride: Int = 1, padding: Int = 0,
    paddingEnd: Int? = nil, groups: Int = 1, bias: Bool = false, from entry: Int? = nil
  ) throws -> Int {
    let weight = try parameters.parameter("\(path).weight", [output, input / groups, kernel, kernel], .weight)
    let bias = bias ? try parameters.parameter("\(path).bias", [output], .bias) : nil
    let after = paddingEnd ?? padding
    let geometry = ConvolutionGeometry(
      strides: [stride, stride], dilations: [1, 1], paddingBegin: [padding, padding], paddingEnd: [after, after],
      groups: groups)
    return add(path, try Convolution(geometry: geometry, weight: weight, bias: bias), from: entry)
  }

  @discardableResult
  mutating func batchNorm(_ path: String, _ channels: Int, epsilon: Double = 1e-5) throws -> Int {
    let layer = try BatchNorm(
      weight: parameters.parameter("\(path).weight", [channels], .normalizationWeight),
      bias: parameters.parameter("\(path).bias", [channels], .normalizationBias),
      mean: parameters.parameter("\(path).running_mean", [channels], .runningMean),
      variance: parameters.parameter("\(path).running_var", [channels], .runningVariance), epsilon: epsilon)
    return add(path, layer)
  }

  mutating func fullyConnected(_ path: String, _ input: Int, _ output: Int) throws {
    let weight = try parameters.parameter("\(path).weight", [output, input], .weight)
    let bias = try parameters.parameter("\(path).bias", [output], .bias)
    add(path, try FullyConnected(weight: weight, bias: bias))
  }

  mutating func relu(_ path: String) { add(path, ActivationLayer(.relu)) }

  mutating func relu6(_ path: String) { add(path, ActivationLayer(.relu6)) }

  mutating func maxPool(_ path: String, kernel: Int, stride: Int, padding: Int = 0) {
    add(
      path,
      MaxPool(PoolingGeometry(kernel: [kernel, kernel], strides: [stride, stride], paddingBegin: [padding, padding])))
  }

  /// Averages to a map of `side × side`.
  mutating func adaptiveAveragePool(_ path: String, side: Int) { add(path, AdaptiveAveragePool(output: [side, side])) }

  mutating func flatten(_ path: String) { add(path, Flatten()) }

  mutating func dropout(_ path: String) { add(path, Dropout()) }

  /// An addition that takes a rule.
  mutating func sum(_ path: String, _ left: Int, _ right: Int) { network.add(path, Sum(), from: [left, right]) }

  /// An addition that no rule reaches.
  mutating func add(_ path: String, _ left: Int, _ right: Int) { network.add(path, Add(), from: [left, right]) }
}
