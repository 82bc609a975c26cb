import NeuralNetwork
import Tensors

// Runs plans: forward `z̃`, divide `s = gate · R / stab(z̃)`, backward `c = Jᵀ s`, multiply `R_in = Σ x̃ · c`.

extension ShareRule {
  public func propagate(_ relevance: Tensor, in context: RuleContext) throws -> [Tensor] {
    var arrived = PropagatedRelevance(relevance)
    var parts = try propagate(&arrived, in: context)
    return parts.takeAllWhole()
  }

  /// The same for relevance that may have to be multiplied out, here or in the layers below.
  func propagate(_ arrived: inout PropagatedRelevance, in context: RuleContext) throws -> [PropagatedRelevance] {
    let plan = context.plan(of: self)
    // Only a single open share reads the relevance once, and without asking where it is.
    let isReadOnce = plan.steps.count == 1 && plan.steps[0].gate == .open
    if !isReadOnce { arrived = PropagatedRelevance(arrived.takeWhole()) }
    func seed(_ step: Plan.Step, _ z: Tensor) throws -> Tensor {
      if isReadOnce { return try arrived.takeQuotient(by: z, stabilizer) }
      return try stabilizer.quotient(arrived.tensor, by: z, gate: step.gate, gatedBy: context.output)
    }
    var sum = ShareSum()
    var denominators = Denominators(of: plan, in: context)
    for step in plan.steps {
      // A gated share that no relevance reaches is exactly zero: neither its forward nor its backward pass is run.
      guard step.gate.isReached(by: arrived.tensor, output: context.output) else { continue }
      let coefficient = Float(step.coefficient)
      if let pass = FusedPass(of: step, in: context) {
        let z = try denominators.denominator(of: step, reachedBy: arrived.nonzeroMask) { try pass.forward() }
        let seed = try seed(step, z)
        try record(seed, z, times: coefficient, in: context) { $0.addBias(pass.layer, seed: seed, times: coefficient) }
        if context.parameterAccount != nil {
          try recordParameters(of: context.passes(of: step), seed, times: coefficient, in: context)
        }
        sum.add(try pass.share(of: seed, times: coefficient))
        continue
      }
      let passes = try context.passes(of: step)
      let z = try denominators.denominator(of: step, reachedBy: arrived.nonzeroMask) {
        try passes.sum(like: context.output)
      }
      let seed = try seed(step, z)
      try record(seed, z, times: coefficient, in: context) { account in
        for pass in passes { account.addBias(pass.layer, seed: seed, times: coefficient * pass.sign) }
      }
      try recordParameters(of: passes, seed, times: coefficient, in: context)
      for pass in passes where pass.contributes {
        sum.add(try pass.vjp(seed), times: pass.inputs, coefficient * pass.sign, seed: seed)
      }
    }
    return sum.parts(like: context.inputs)
  }

  private func record(
    _ seed: Tensor, _ z: Tensor, times coefficient: Float, in context: RuleContext, bias: (LayerAccount) -> Void
  ) throws {
    guard let account = context.account else { return }
    account.addStabilizer(try stabilizer.absorbed(seed: seed, z: z), times: coefficient)
    bias(account)
  }

  private func recordParameters(
    of passes: [ModifiedPass], _ seed: Tensor, times coefficient: Float, in context: RuleContext
  ) throws {
    guard let account = context.parameterAccount else { return }
    for pass in passes { try account.add(pass, seed: seed, times: coefficient * pass.sign) }
  }
}

/// `Σ x̃ · c` over all passes, for each input. A single product is left for the layers below to multiply out.
private struct ShareSum {
  private var products: [PropagatedRelevance] = []
  private var sums: [Tensor] = []

  mutating func add(_ share: Tensor) {
    multiplyOut()
    if sums.isEmpty { sums = [share] } else { sums[0] += share }
  }

  mutating func add(_ gradients: [Tensor], times inputs: [Tensor], _ coefficient: Float, seed: Tensor) {
    if products.isEmpty, sums.isEmpty {
      products = zip(gradients, inputs).map { gradient, input in
        // A sum hands its seed to all of its inputs.
        PropagatedRelevance(gradient: gradient, times: input, coefficient, isShared: gradient.sharesMemory(with: seed))
      }
      return
    }
    multiplyOut()
    for (slot, gradient) in gradients.enumerated() {
      sums[slot].update(with: inputs[slot], and: gradient, ProductAdded(factor: coefficient))
    }
  }

  private mutating func multiplyOut() {
    if sums.isEmpty { sums = products.takeAllWhole() }
  }

  /// Zeros where no share was added.
  mutating func parts(like inputs: [Tensor]) -> [PropagatedRelevance] {
    if !products.isEmpty { return products }
    if sums.isEmpty { sums = inputs.map { Tensor.zeros($0.shape) } }
    return sums.map { PropagatedRelevance($0) }
  }
}

extension Gate {
  /// Whether any relevance meets an open gate.
  func isReached(by relevance: Tensor, output: Tensor) -> Bool {
    switch self {
    case .open: true
    case .positive: relevance.isNonzeroAnywhere(whereSign: 1, of: output)
    case .negative: relevance.isNonzeroAnywhere(whereSign: -1, of: output)
    }
  }
}
