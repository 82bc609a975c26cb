import NeuralNetwork
import Tensors

/// A pass of a plan made concrete: the modified layer and the modified inputs.
struct ModifiedPass {
  let layer: any Layer
  let inputs: [Tensor]
  let sign: Float
  let contributes: Bool

  init(_ pass: Plan.Pass, in context: RuleContext) throws {
    let term = pass.term
    layer = context.cache.layer(context.index, context.layer, modifiedBy: term.parameters)
    sign = term.sign
    contributes = pass.contributes
    inputs = try context.inputs.indices.map { slot in
      let signs = term.input.dependsOnSigns ? context.signs(ofInput: slot) : .mixed
      return try term.input.apply(to: context.inputs[slot], signs: signs, layer: context.node.name)
    }
  }

  func forward() throws -> Tensor { try layer.forward(inputs) }

  func vjp(_ seed: Tensor) throws -> [Tensor] {
    // Affine layers never look at the output; for the others it is that of the modified pass.
    let output = layer.traits.isAffine ? seed : try forward()
    return try layer.vjp(seed, inputs: inputs, output: output)
  }
}

extension RuleContext {
  func passes(of step: Plan.Step) throws -> [ModifiedPass] {
    try step.passes.map { try ModifiedPass($0, in: self) }
  }
}

extension [ModifiedPass] {
  /// `Σ sign_k z_k`
  func sum(like output: Tensor) throws -> Tensor {
    var z: Tensor?
    for pass in self {
      let output = try pass.forward()
      guard var sum = z else {
        z = pass.sign == 1 ? output : output * pass.sign
        continue
      }
      z = nil  // leaves `sum` as the only owner, so that it is updated in place
      sum.update(with: output, Sum(factor: pass.sign))
      z = sum
    }
    return z ?? Tensor.zeros(output.shape)
  }
}

extension InputModifier {
  fileprivate func apply(to input: Tensor, signs: Signs, layer: String) throws -> Tensor {
    if isIdentity(for: signs) { return input }
    if vanishes(for: signs) { return Tensor.zeros(input.shape) }
    switch self {
    case .identity: return input
    case .positive: return input.positivePart
    case .negative: return input.negativePart
    case .ones: return Tensor(input.shape, filledWith: 1)
    case .bound(let bound): return try bound.expanded(to: input.shape, layer: layer)
    }
  }
}
