import NeuralNetwork
import Tensors

extension ShareRule {
  /// Differentiates `Σ coefficient · sign_k · x̃_k · J_kᵀ s`, `s = gate · R / stab(z)`, `z = Σ sign_k f(x̃_k; w̃_k)`, step by
  /// step from the last to the first. The layer is affine, so its Jacobians depend on nothing.
  func sharePullback(_ cotangents: [Tensor], relevance: Tensor, in context: RuleContext) throws -> RulePullback {
    guard context.layer.traits.isAffine else {
      throw LayerError(
        "the derivative of \(name) on \(context.layer.kind.rawValue), which is not affine, is not available")
    }
    var arriving = Tensor.zeros(relevance.shape)
    var inputs = context.inputs.map { Tensor.zeros($0.shape) }
    let plan = context.plan(of: self)
    var denominators = Denominators(of: plan, in: context)
    for step in plan.steps {
      let passes = try zip(step.passes.map(\.term), context.passes(of: step)).map { ($0, $1) }
      let z = try denominators.denominator(of: step) { try passes.map(\.1).sum(like: context.output) }
      let seed = try stabilizer.quotient(relevance, by: z, gate: step.gate, gatedBy: context.output)
      var seedAdjoint = Tensor.zeros(seed.shape)
      for (term, pass) in passes {
        let factor = Float(step.coefficient) * pass.sign
        // c_k = J_kᵀ s is weighed by the input, and the input by c_k.
        seedAdjoint += try pass.layer.jvp(zip(cotangents, pass.inputs).map { $0 * $1 * factor }, inputs: pass.inputs)
        for (slot, gradient) in try pass.vjp(seed).enumerated() {
          let share = cotangents[slot].map(with: gradient, Product(factor: factor))
          inputs[slot] += term.input.pullback(share, at: context.inputs[slot])
        }
      }
      // s = R / D: its derivatives are 1 / D and −s / D.
      let quotient = try stabilizer.quotient(seedAdjoint, by: z, gate: step.gate, gatedBy: context.output)
      arriving += quotient
      let denominatorAdjoint = quotient.map(with: seed) { q, s in -q * s }
      let sumAdjoint = try stabilizer.pullback(denominatorAdjoint, at: z)
      for (term, pass) in passes {
        for (slot, gradient) in try pass.vjp(sumAdjoint).enumerated() {
          inputs[slot] += term.input.pullback(gradient * pass.sign, at: context.inputs[slot])
        }
      }
    }
    return RulePullback(relevance: arriving, inputs: inputs)
  }
}

extension InputModifier {
  /// The adjoint of the layer's input from that of the modified one. Zero belongs to both signs, as torch's `clamp` has it.
  fileprivate func pullback(_ adjoint: Tensor, at input: Tensor) -> Tensor {
    switch self {
    case .identity: adjoint
    case .positive: adjoint.map(with: input) { a, x in x >= 0 ? a : 0 }
    case .negative: adjoint.map(with: input) { a, x in x <= 0 ? a : 0 }
    case .ones, .bound: Tensor.zeros(adjoint.shape)
    }
  }
}

extension Stabilizer {
  /// The adjoint of `z` from that of `stab(z)`.
  fileprivate func pullback(_ adjoint: Tensor, at z: Tensor) throws -> Tensor {
    if let function {
      throw LayerError("the stabilizer \(function.name) is a function, whose derivative is not known")
    }
    let clip = clip
    guard normScale else {
      let epsilon = Float(epsilon)
      return clip ? adjoint.map(with: z) { a, z in abs(z) >= epsilon ? a : 0 } : adjoint
    }
    // stab(z) = z + sign(z)·e or sign(z)·max(|z|, e), with e = ε·√(mean z²) and ∂e/∂z = ε² z / (n e).
    guard case .elementwise(let scale) = try scale(for: z) else { return adjoint }
    let toScale = adjoint.map(with: z, and: scale) { a, z, e in
      clip && abs(z) >= e ? 0 : (z < 0 ? -a : a)
    }
    let direct = clip ? adjoint.map(with: z, and: scale) { a, z, e in abs(z) >= e ? a : 0 } : adjoint
    let (sums, size) = try summed(toScale)
    let factor = Float(epsilon * epsilon / Double(size))
    let bend = z.map(with: scale) { z, e in e == 0 ? 0 : factor * z / e }
    return direct + bend * sums
  }
}
