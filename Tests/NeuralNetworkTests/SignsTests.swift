import Compute
import NeuralNetwork
import Tensors
import Testing

/// What a network says of the signs of its activations must hold: modified passes of negative parts are left out by it.
struct SignsTests {
  /// Whether the network says that the layer, behind a ReLU or by itself, gives no negative number; and the smallest that it
  /// gives of numbers from −9 to 9.
  private func signs(_ layer: any Layer, behindReLU: Bool) throws -> (claimed: Bool, smallest: Float) {
    var net = NetworkBuilder(name: "signs")
    if behindReLU { net.add("relu", ActivationLayer(.relu)) }
    net.add("layer", layer)
    let network = try net.build()
    let input = Tensor([1, 1, 19], rowMajor: (-9...9).map { Float($0) })
    let output = try network.forward(input)[network.output]
    return (network.isNonnegative[network.output], output.rowMajorElements().min() ?? 0)
  }

  private static let pool = PoolingGeometry(kernel: [2])

  static let layers: [(name: String, layer: any Layer, alone: Bool, behindReLU: Bool)] = [
    ("ReLU", ActivationLayer(.relu), true, true),
    ("Sigmoid", ActivationLayer(.sigmoid), true, true),
    ("Softplus", ActivationLayer(.softplus(beta: 2)), true, true),
    ("Softplus, β < 0", ActivationLayer(.softplus(beta: -2)), false, false),
    ("Softplus, threshold < 0", ActivationLayer(.softplus(beta: 2, threshold: -3)), false, false),
    ("AvgPool", AveragePool(pool), false, true),
    ("AvgPool, divisor", AveragePool(pool, divisor: 3), false, true),
    ("AvgPool, divisor < 0", AveragePool(pool, divisor: -3), false, false),
    ("MaxPool", MaxPool(pool), false, true),
    ("Tanh", ActivationLayer(.tanh), false, false),
  ]

  @Test(arguments: layers.map(\.name))
  func claims(_ name: String) throws {
    let layer = try #require(Self.layers.first { $0.name == name })
    for (behindReLU, expected) in [(false, layer.alone), (true, layer.behindReLU)] {
      let (claimed, smallest) = try signs(layer.layer, behindReLU: behindReLU)
      #expect(claimed == expected && (!claimed || smallest >= 0), "\(name), \(behindReLU): \(claimed), \(smallest)")
    }
  }
}
