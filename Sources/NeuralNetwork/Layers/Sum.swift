import Tensors

/// A sum of inputs of one shape that takes a rule, as zennit's `Sum` module does.
public struct Sum: Layer {
  public var kind: LayerKind { .sum }
  public var summary: String { "Sum" }
  public init() {}
  public func outputShape(for inputs: [Shape]) throws -> Shape { try sumShape(inputs) }
  public func forward(_ inputs: [Tensor]) throws -> Tensor { try sumForward(inputs) }
  public func vjp(_ seed: Tensor, inputs: [Tensor], output: Tensor) throws -> [Tensor] { inputs.map { _ in seed } }
}

/// A plain `+` in a model's code, which no rule reaches: every input gets the whole relevance.
public struct Add: Layer {
  public var kind: LayerKind { .add }
  public var summary: String { "+" }
  public init() {}
  public func outputShape(for inputs: [Shape]) throws -> Shape { try sumShape(inputs) }
  public func forward(_ inputs: [Tensor]) throws -> Tensor { try sumForward(inputs) }
  public func vjp(_ seed: Tensor, inputs: [Tensor], output: Tensor) throws -> [Tensor] { inputs.map { _ in seed } }
}

private func sumShape(_ inputs: [Shape]) throws -> Shape {
  guard let first = inputs.first, inputs.allSatisfy({ $0 == first }) else {
    throw LayerError("inputs of one shape expected, \(inputs.map(\.description).joined(separator: " and ")) found")
  }
  return first
}

private func sumForward(_ inputs: [Tensor]) throws -> Tensor {
  guard let first = inputs.first else { throw LayerError("no inputs to add") }
  return inputs.dropFirst().reduce(first) { $0 + $1 }
}
