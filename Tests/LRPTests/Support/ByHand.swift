import LRP
import NeuralNetwork
import Tensors
import Testing

/// Rules on layers so small that relevance can be worked out on paper.
enum ByHand {
  /// Two inputs, two outputs: `z₀ = 3x₀ − x₁ + 0.5` and `z₁ = −2x₀ + 4x₁ − 1`.
  static func layer() throws -> FullyConnected {
    try FullyConnected(
      weight: Tensor([2, 2], rowMajor: [3, -1, -2, 4]), bias: Tensor([2], rowMajor: [0.5, -1]))
  }

  /// Relevance at each input, for one sample.
  static func relevance(
    _ rule: any Rule, _ layer: any Layer, inputs: [Float]..., relevance: [Float]
  ) throws -> [[Float]] {
    func row(_ numbers: [Float]) -> Tensor { Tensor([1, numbers.count], rowMajor: numbers) }
    let tensors = inputs.map(row)
    let node = Node(name: "layer", path: "layer", layer: layer, inputs: Array(tensors.indices))
    let context = RuleContext(
      index: tensors.count, node: node, inputs: tensors, output: try layer.forward(tensors), cache: PropagationCache())
    return try rule.propagate(row(relevance), in: context).map { $0.rowMajorElements() }
  }

  static func expect(
    _ found: [[Float]], _ expected: [[Float]], sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(found.map(\.count) == expected.map(\.count), sourceLocation: sourceLocation)
    for (found, expected) in zip(found.joined(), expected.joined()) {
      #expect(abs(found - expected) <= 1e-5 * max(1, abs(expected)), sourceLocation: sourceLocation)
    }
  }
}
