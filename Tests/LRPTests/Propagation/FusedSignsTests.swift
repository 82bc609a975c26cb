import LRP
import NeuralNetwork
import Tensors
import Testing

/// Both parts of an input of mixed signs are run as one pass; here the same is done as two.
@Suite struct FusedSignsTests {
  /// `x⁺ · J(w₁)ᵀ s + x⁻ · J(w₂)ᵀ s` with `s = R / (z + ε·sign(z))`.
  private func byHand(_ layer: Convolution, _ input: Tensor, swapped: Bool, relevance: Tensor) throws -> Tensor {
    let (up, down) = (layer.weight.positivePart, layer.weight.negativePart)
    let bias = try #require(layer.bias)
    let first = layer.replacing(weight: swapped ? down : up, bias: swapped ? bias.negativePart : bias.positivePart)
    let second = layer.replacing(weight: swapped ? up : down, bias: nil)
    let parts = (input.positivePart, input.negativePart)
    let z = try first.forward([parts.0]) + second.forward([parts.1])
    let seed = relevance.map(with: z) { $0 / ($1 + ($1 < 0 ? -1e-6 : 1e-6)) }
    let gradients = (
      try first.vjp(seed, inputs: [parts.0], output: z)[0], try second.vjp(seed, inputs: [parts.1], output: z)[0]
    )
    return parts.0 * gradients.0 + parts.1 * gradients.1
  }

  @Test(arguments: [1, 3], [20, 64]) func agreesWithTwoPasses(_ kernel: Int, _ channels: Int) throws {
    let layer = try TestNetworks.convolution(channels, 64, kernel: kernel, padding: kernel / 2, seed: 5)
    var builder = NetworkBuilder(name: "one_layer")
    builder.add("conv", layer)
    let network = try builder.build()
    let input = Tensor.random([2, channels, 9, 8], seed: 8)
    let relevance = try layer.forward([input])
    let excitation = try byHand(layer, input, swapped: false, relevance: relevance)
    let inhibition = try byHand(layer, input, swapped: true, relevance: relevance)
    let rules: [(any Rule, Tensor)] = [(ZPlus(), excitation), (AlphaBeta(), excitation * 2 - inhibition)]
    for (rule, expected) in rules {
      let composite = NameMapComposite(nameMap: [NameMapEntry(["conv"], rule)])
      let found = try Gradient(network, composite: composite).attribute(input, .output).relevance
      let largest = expected.rowMajorElements().map(abs).max() ?? 0
      #expect(largest > 0)
      for (a, b) in zip(found.rowMajorElements(), expected.rowMajorElements()) {
        #expect(abs(a - b) <= 1e-5 * largest, "\(rule.name)")
      }
    }
  }
}
