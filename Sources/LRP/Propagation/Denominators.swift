import Compute
import NeuralNetwork
import Tensors

/// The denominators `z̃` of a plan's steps, kept for the next call: they depend on the activations and the terms alone.
///
/// Those of shares by contributions follow from the output and one further sum (``ContributionWeights``), which takes one
/// pass through the layer: the first share's, or, for inputs of both signs, that of all magnitudes. For Gamma nothing
/// cancels where its gate is open; the others subtract, and lose digits where little is left. Such outputs are added up
/// again, contribution by contribution, and where they are many the passes are run after all.
struct Denominators {
  private let plan: Plan
  private let context: RuleContext
  /// What others are derived from.
  private var base: (weights: ContributionWeights, sum: Tensor)?

  init(of plan: Plan, in context: RuleContext) {
    self.plan = plan
    self.context = context
  }

  /// - Parameters:
  ///   - mask: of the output's shape; where it is zero, no relevance is going to be divided. `nil` for all.
  ///   - passes: runs those of the step, where nothing less does.
  mutating func denominator(
    of step: Plan.Step, reachedBy mask: Tensor? = nil, running passes: () throws -> Tensor
  ) throws -> Tensor {
    if step.denominator == .output { return context.output }
    // Others depend on the outputs of the modified passes, too, which nobody keeps.
    guard context.layer.traits.isAffine else { return try passes() }
    let kept = context.cache.denominator(context.index, step.terms)
    let z = try kept ?? derived(step, reachedBy: context.cache.keepsDenominators ? nil : mask) ?? passes()
    if kept == nil { context.cache.keep(z, context.index, step.terms) }
    // Kept or new, so that results do not depend on what was explained before.
    if base == nil, step == plan.steps.first, let weights = step.weights { base = (weights, z) }
    return z
  }

  private mutating func derived(_ step: Plan.Step, reachedBy mask: Tensor?) throws -> Tensor? {
    guard let weights = step.weights, let base = try base(for: step.denominator),
      let factors = weights.factors(from: base.weights)
    else { return nil }
    let function = WeightedSum(first: factors.output, second: factors.sum)
    if step.gate != .open { return context.output.sum(with: base.sum, function) }
    guard let layer = context.layer as? Convolution else { return nil }
    let contributions = ContributionSum(
      positive: weights.positive, negative: weights.negative, input: context.inputs[0], weight: layer.weight,
      bias: layer.bias, geometry: layer.geometry, output: context.output.shape)
    return context.output.sum(with: base.sum, function, where: mask, exactly: contributions)
  }

  private mutating func base(
    for denominator: Plan.Denominator
  ) throws -> (weights: ContributionWeights, sum: Tensor)? {
    switch denominator {
    case .output, .passes: return nil
    case .outputAndMagnitudes:
      if let base, base.weights == .magnitudes { return base }
      let layer = context.cache.layer(context.index, context.layer, modifiedBy: ParameterModifier(.magnitude))
      base = (.magnitudes, try layer.forward([context.inputs[0].map(Magnitude())]))
    case .outputAndFirst:
      guard base == nil, let first = plan.steps.first else { return base }
      let context = context
      _ = try self.denominator(of: first) { try context.passes(of: first).sum(like: context.output) }
    }
    return base
  }
}

extension ContributionSum {
  /// Whether single outputs of a layer can be added up.
  static func supports(_ layer: any Layer) -> Bool { (layer as? Convolution)?.geometry.isTransposed == false }
}
