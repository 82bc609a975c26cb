import Compute
import NeuralNetwork
import Tensors

/// Collects the layers of an architecture in forward order and fetches their parameters.
///
/// Each method adds one layer that reads the layer added last, or the node `entry`, and returns its node.
struct ModelBuilder {
  private var network: NetworkBuilder
  private var parameters: any ParameterSource
  /// Modules that are registered before others though they run after them: (early, other).
  private var registeredEarly: [(path: String, other: String)] = []

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
    let built = try network.build()
    guard !registeredEarly.isEmpty else { return built }
    var order = built.registrationOrder
    for (path, other) in registeredEarly {
      guard let from = order.firstIndex(of: path), let to = order.firstIndex(of: other), to < from else { continue }
      order.insert(order.remove(at: from), at: to)
    }
    var ordered = network
    ordered.registrationOrder = order
    return try ordered.build()
  }

  /// Says that the PyTorch module registers `path` before `other`, though it runs after it.
  mutating func register(_ path: String, before other: String) { registeredEarly.append((path, other)) }

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
    let after = paddingEnd ?? padding
    let geometry = ConvolutionGeometry(
      strides: [stride, stride], dilations: [1, 1], paddingBegin: [padding, padding], paddingEnd: [after, after],
      groups: groups)
    return try convolution(path, input, output, kernel: [kernel, kernel], geometry, bias: bias, from: entry)
  }

  @discardableResult
  mutating func convolution(
    _ path: String, _ input: Int, _ output: Int, kernel: [Int], _ geometry: ConvolutionGeometry, bias: Bool,
    from entry: Int? = nil
  ) throws -> Int {
    let weight = try parameters.parameter("\(path).weight", Shape([output, input / geometry.groups] + kernel), .weight)
    let bias = bias ? try parameters.parameter("\(path).bias", [output], .bias) : nil
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

  @discardableResult
  mutating func layerNorm(_ path: String, _ width: Int, overChannels: Bool = false) throws -> Int {
    let layer = try LayerNorm(
      weight: parameters.parameter("\(path).weight", [width], .normalizationWeight),
      bias: parameters.parameter("\(path).bias", [width], .normalizationBias), epsilon: 1e-6,
      overChannels: overChannels)
    return add(path, layer)
  }

  /// A product with the constants `parameter` of shape `(C, 1, 1)`.
  mutating func scale(_ path: String, parameter: String, _ channels: Int) throws {
    add(path, Scale(weight: try parameters.parameter(parameter, [channels, 1, 1], .normalizationWeight)))
  }

  @discardableResult
  mutating func activation(_ path: String, _ function: Activation) -> Int { add(path, ActivationLayer(function)) }

  mutating func relu(_ path: String) { activation(path, .relu) }

  mutating func relu6(_ path: String) { activation(path, .relu6) }

  /// - Parameter ceil: whether a window that only partly fits at the end counts.
  @discardableResult
  mutating func maxPool(
    _ path: String, kernel: Int, stride: Int, padding: Int = 0, ceil: Bool = false, from entry: Int? = nil
  ) -> Int {
    add(
      path,
      MaxPool(
        PoolingGeometry(
          kernel: [kernel, kernel], strides: [stride, stride], paddingBegin: [padding, padding], ceilMode: ceil)),
      from: entry)
  }

  @discardableResult
  mutating func averagePool(
    _ path: String, kernel: Int, stride: Int, padding: Int = 0, from entry: Int? = nil
  ) -> Int {
    add(
      path,
      AveragePool(
        PoolingGeometry(kernel: [kernel, kernel], strides: [stride, stride], paddingBegin: [padding, padding])),
      from: entry)
  }

  /// Averages to a map of `side × side`.
  @discardableResult
  mutating func adaptiveAveragePool(_ path: String, side: Int, from entry: Int? = nil) -> Int {
    add(path, AdaptiveAveragePool(output: [side, side]), from: entry)
  }

  mutating func flatten(_ path: String) { add(path, Flatten()) }

  mutating func dropout(_ path: String) { add(path, Dropout()) }

  /// An addition that takes a rule.
  mutating func sum(_ path: String, _ left: Int, _ right: Int) { network.add(path, Sum(), from: [left, right]) }

  /// Probabilities over the channels.
  mutating func softmax(_ path: String) { add(path, Softmax(axis: 1)) }

  /// An addition that no rule reaches.
  mutating func add(_ path: String, _ left: Int, _ right: Int) { network.add(path, Add(), from: [left, right]) }

  /// A product of activations.
  mutating func product(_ path: String, _ left: Int, _ right: Int) {
    network.add(path, Product(), from: [left, right])
  }

  /// Channels side by side.
  @discardableResult
  mutating func concatenation(_ path: String, _ entries: [Int]) -> Int {
    network.add(path, Concatenation(), from: entries)
  }

  /// A run of channels.
  @discardableResult
  mutating func slice(_ path: String, channels: Range<Int>, from entry: Int) -> Int {
    add(path, Slice(axis: 1, range: channels), from: entry)
  }

  mutating func channelShuffle(_ path: String, groups: Int) throws { add(path, try ChannelShuffle(groups: groups)) }

  mutating func transpose(_ path: String, order: [Int]) throws { add(path, try Transpose(order: order)) }
}
