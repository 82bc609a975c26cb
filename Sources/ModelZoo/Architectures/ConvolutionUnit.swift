import Compute

extension ModelBuilder {
  /// torchvision's `Conv2dNormActivation`: a convolution that keeps the extents (but for the stride), a batch norm and
  /// perhaps an activation, as `path.0`, `path.1` and `path.2`.
  @discardableResult
  mutating func unit(
    _ path: String, _ input: Int, _ output: Int, kernel: Int, stride: Int = 1, groups: Int = 1, epsilon: Double = 1e-5,
    activation: Activation?
  ) throws -> Int {
    try convolution(
      "\(path).0", input, output, kernel: kernel, stride: stride, padding: (kernel - 1) / 2, groups: groups)
    try batchNorm("\(path).1", output, epsilon: epsilon)
    if let activation { self.activation("\(path).2", activation) }
    return last
  }

  /// torchvision's `SqueezeExcitation` (Hu et al., CVPR 2018): the channels' means decide how much of each passes. The
  /// gate's product is no module in torchvision; here it is `path.mul`.
  mutating func squeezeExcitation(
    _ path: String, _ channels: Int, squeezed: Int, activation: Activation, gate: Activation
  ) throws {
    let entry = last
    adaptiveAveragePool("\(path).avgpool", side: 1)
    try convolution("\(path).fc1", channels, squeezed, kernel: 1, bias: true)
    self.activation("\(path).activation", activation)
    try convolution("\(path).fc2", squeezed, channels, kernel: 1, bias: true)
    register("\(path).fc2", before: "\(path).activation")
    let scale = self.activation("\(path).scale_activation", gate)
    product("\(path).mul", scale, entry)
  }
}

/// Numbers of channels as mobile networks round them.
enum Channels {
  /// The nearest multiple of `divisor`, at least `divisor`, and not below `tolerance` of what was asked for (as in
  /// TensorFlow's MobileNets).
  static func rounded(_ channels: Double, to divisor: Int = 8, tolerance: Double = 0.9) -> Int {
    let nearest = max(divisor, Int(channels + Double(divisor) / 2) / divisor * divisor)
    return Double(nearest) < tolerance * channels ? nearest + divisor : nearest
  }
}
