import NeuralNetwork
import Tensors

/// A rule that is a sum of modified passes. Conforming types say which; the four steps are shared:
/// forward `z = Σ f(x̃; w̃)`, divide `s = R / stab(z)`, backward `c = Jᵀ s`, multiply `R_in = Σ x̃ · c`.
public protocol TermRule: Rule {
  var groups: [TermGroup] { get }
  var stabilizer: Stabilizer { get }
}

extension TermRule {
  /// Two rules that name no parameters are told apart by what they are made of.
  public var identity: AnyHashable {
    parameters.isEmpty
      ? AnyHashable(RuleIdentity(name: name, parameters: [], groups: groups, stabilizer: stabilizer))
      : AnyHashable(RuleIdentity(name: name, parameters: parameters))
  }

  public func propagate(_ relevance: Tensor, at place: RulePlace) throws -> [Tensor] {
    var arrived = PassedRelevance(relevance)
    var parts = try handOn(&arrived, at: place)
    return parts.takeAllWhole()
  }

  /// The same for relevance that may have to be multiplied out, here or in the layers below.
  func handOn(_ arrived: inout PassedRelevance, at place: RulePlace) throws -> [PassedRelevance] {
    let groups = groups
    // Only a single open group reads the relevance once, and without asking where it is.
    let isReadOnce = groups.count == 1 && groups[0].gate == .open
    if !isReadOnce { arrived = PassedRelevance(arrived.takeWhole()) }
    func seed(_ group: TermGroup, _ z: Tensor) throws -> Tensor {
      if isReadOnce { return try arrived.takeQuotient(by: z, stabilizer) }
      return try stabilizer.quotient(arrived.tensor, by: z, gate: group.gate, gatedBy: place.output)
    }
    // One product for each input may be left to others; sums of several are made here.
    var products: [PassedRelevance] = []
    var sums: [Tensor] = []
    var denominators = Denominators(of: groups, at: place)
    for group in groups {
      // A gated branch that no relevance reaches is exactly zero: neither its forward nor its backward pass is run.
      guard group.gate.lets(arrived, through: place.output) else { continue }
      if let pass = place.joinedPass(of: group) {
        let z = try denominators(group, reachedBy: arrived.nonzeroMask) { try pass.forward() }
        let share = try share(of: group, by: pass, at: place, z: z, seed: try seed(group, z))
        if sums.isEmpty { sums = products.takeAllWhole() }
        if sums.isEmpty { sums = [share] } else { sums[0] += share }
        continue
      }
      let passes = try place.passes(of: group)
      let z = try denominators(group, passes: passes, reachedBy: arrived.nonzeroMask)
      let seed = try seed(group, z)
      if let account = place.account {
        account.addStabilizer(try stabilizer.absorbed(seed: seed, z: z), times: group.coefficient)
        for pass in passes { account.addBias(pass.layer, seed: seed, times: group.coefficient * pass.sign) }
      }
      if let account = place.parameterAccount {
        for pass in passes { try account.add(pass, seed: seed, times: group.coefficient * pass.sign) }
      }
      for pass in passes where pass.contributes {
        let gradients = try pass.vjp(seed)
        let coefficient = group.coefficient * pass.sign
        if products.isEmpty, sums.isEmpty {
          products = zip(gradients, pass.inputs).map { gradient, input in
            // A sum hands its seed to all of its inputs.
            PassedRelevance(
              gradient: gradient, times: input, coefficient, isShared: gradient.sharesMemory(with: seed))
          }
          continue
        }
        if sums.isEmpty { sums = products.takeAllWhole() }
        for (slot, gradient) in gradients.enumerated() {
          sums[slot].update(with: pass.inputs[slot], and: gradient, ProductAdded(factor: coefficient))
        }
      }
    }
    if !products.isEmpty { return products }
    if sums.isEmpty { sums = place.inputs.map { Tensor.zeros($0.shape) } }
    return sums.map { PassedRelevance($0) }
  }

  /// What a group hands on whose terms are run as one.
  private func share(
    of group: TermGroup, by pass: any JoinedPass, at place: RulePlace, z: Tensor, seed: Tensor
  ) throws -> Tensor {
    if let account = place.account {
      account.addStabilizer(try stabilizer.absorbed(seed: seed, z: z), times: group.coefficient)
      account.addBias(pass.layer, seed: seed, times: group.coefficient)
    }
    if let account = place.parameterAccount {
      // Parameters of either term have a share of their own.
      for term in group.terms {
        try account.add(try ModifiedPass(of: term, at: place), seed: seed, times: group.coefficient * term.sign)
      }
    }
    return try pass.share(of: seed, times: group.coefficient)
  }
}

extension Gate {
  /// Whether any relevance meets an open gate.
  fileprivate func lets(_ relevance: PassedRelevance, through output: Tensor) -> Bool {
    switch self {
    case .open: true
    case .positive: relevance.tensor.isNonzeroAnywhere(whereSign: 1, of: output)
    case .negative: relevance.tensor.isNonzeroAnywhere(whereSign: -1, of: output)
    }
  }
}
