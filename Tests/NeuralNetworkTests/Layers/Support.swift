import NeuralNetwork
import Tensors

/// Layers of one input whose gradient does not ask for the output.
extension Layer {
  func outputShape(input: Shape) throws -> Shape { try outputShape(for: [input]) }
  func forward(_ input: Tensor) throws -> Tensor { try forward([input]) }
  func vjp(_ seed: Tensor, input: Tensor) throws -> Tensor { try vjp(seed, inputs: [input], output: seed)[0] }
  /// For layers that are linear in their input.
  func vjp(_ seed: Tensor, inputShape: Shape) throws -> Tensor { try vjp(seed, input: .zeros(inputShape)) }
}
