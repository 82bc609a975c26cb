import LRP
import NeuralNetwork
import Tensors
import Testing

/// Which parameters a modification reaches, and that the layer itself stays as it is.
struct ParameterModificationTests {
  static let choices: [Set<ParameterKey>?] = [nil, [.weight], [.bias], [.weight, .bias]]
  static let zeros: [Set<ParameterKey>] = [[], [.weight], [.bias], [.weight, .bias]]

  @Test("keys say what is modified, zeroed parameters are zero, the layer is left alone", arguments: choices, zeros)
  func keys(keys: Set<ParameterKey>?, zero: Set<ParameterKey>) throws {
    for biased in [false, true] {
      let half = Tensor([2, 2], filledWith: 0.5)
      let layer = try FullyConnected(weight: half, bias: biased ? Tensor([2], filledWith: 0.5) : nil)
      let network = try TestNetworks.single(layer)
      let modification = ParameterModification(keys: keys, zeroParams: zero) { parameter, _ in parameter.map { _ in 1 }
      }
      // The output of the modified layer, seen by the gradient mapper: Σ w x + b with x = 1.
      let rule = try BasicRule(
        parameterModifiers: [modification],
        gradientMapper: { _, outputs in [outputs[0]] }, reducer: { _, gradients in gradients[0] })
      let composite = NameMapComposite(nameMap: [NameMapEntry(["layer"], rule)])
      let relevance = try Gradient(network, composite: composite)
        .attribute(Tensor([1, 2], filledWith: 1), .output).relevance
      func value(_ key: ParameterKey) -> Float {
        guard keys?.contains(key) ?? true else { return 0.5 }
        return zero.contains(key) ? 0 : 1
      }
      let output = 2 * value(.weight) + (biased ? value(.bias) : 0)
      #expect(relevance.rowMajorElements() == [2 * value(.weight) * output, 2 * value(.weight) * output])
      #expect(layer.weight.isIdentical(to: half))
      #expect(
        try network.forward(Tensor([1, 2], filledWith: 1))[1].rowMajorElements() == [
          biased ? 1.5 : 1, biased ? 1.5 : 1,
        ])
    }
  }
}
