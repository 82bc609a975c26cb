import NeuralNetwork
import Tensors

/// The denominators `z = Σ sign_k z_k` of a rule's groups at one place, kept for the next call: they depend on the
/// activations and the terms alone.
///
/// Those of groups that treat contributions by their sign follow from the output and one further sum
/// (``ContributionWeights``), which takes one pass through the layer: the first group's, or, for inputs of both signs,
/// that of all magnitudes. For Gamma nothing cancels where its gate is open; the others subtract, and lose digits where
/// little is left. Such outputs are added up anew, contribution by contribution, and where they are many the passes are
/// run after all.
struct Denominators {
  private let groups: [TermGroup]
  private let place: RulePlace
  private let layer: (any ParameterizedLayer)?
  /// What others are derived from.
  private var base: (weights: ContributionWeights, sum: Tensor)?

  init(of groups: [TermGroup], at place: RulePlace) {
    self.groups = groups
    self.place = place
    layer = Self.linear(place.layer)
  }

  /// Whether a group's denominator can be had from the output and a sum with other weights.
  static func suits(_ group: TermGroup, _ layer: any Layer) -> Bool {
    guard let linear = linear(layer), ContributionWeights(group, of: linear) != nil else { return false }
    return group.gate != .open || ContributionWindow.suits(layer)
  }

  private static func linear(_ layer: any Layer) -> (any ParameterizedLayer)? {
    LayerType.linear.contains(layer.kind) ? layer as? any ParameterizedLayer : nil
  }

  /// - Parameters:
  ///   - passes: those of the group that are not zero.
  ///   - mask: of the output's shape; where it is zero, no relevance is going to be divided. `nil` for all.
  mutating func callAsFunction(
    _ group: TermGroup, passes: [ModifiedPass], reachedBy mask: Tensor? = nil
  ) throws -> Tensor {
    if passes.count == 1, let pass = passes.first, pass.sign == 1, pass.isOriginal { return place.output }
    let output = place.output
    // Others depend on the outputs of the modified pass, too.
    guard passes.allSatisfy({ $0.layer.kind.isAffine }) else { return try passes.sum(like: output) }
    return try self(group, reachedBy: mask) { try passes.sum(like: output) }
  }

  /// - Parameter passes: runs them all, where nothing less does.
  mutating func callAsFunction(
    _ group: TermGroup, reachedBy mask: Tensor?, running passes: () throws -> Tensor
  ) throws -> Tensor {
    let kept = place.cache.denominator(place.index, group.terms)
    let z = try kept ?? derived(group, reachedBy: place.cache.keepsDenominators ? nil : mask) ?? passes()
    if kept == nil { place.cache.keep(z, place.index, group.terms) }
    noteBase(z, of: group)
    return z
  }

  /// The first group's denominator, kept or new, is the base of the others where that of magnitudes is not: results do
  /// not depend on what was explained before.
  private mutating func noteBase(_ z: Tensor, of group: TermGroup) {
    guard base == nil, groups.count > 1, group == groups.first, let layer,
      let weights = ContributionWeights(group, of: layer), place.signs(ofInput: 0) != .mixed
    else { return }
    base = (weights, z)
  }

  private mutating func derived(_ group: TermGroup, reachedBy mask: Tensor?) throws -> Tensor? {
    guard let layer, let weights = ContributionWeights(group, of: layer) else { return nil }
    let window = group.gate == .open ? ContributionWindow(weights, at: place) : nil
    guard group.gate != .open || window != nil, let base = try knownBase(for: group, layer),
      let factors = weights.factors(from: base.weights)
    else { return nil }
    let function = WeightedSum(first: factors.output, second: factors.sum)
    guard let window else { return place.output.map(with: base.sum, function) }
    return place.output.sum(with: base.sum, function, where: mask, exactly: window)
  }

  /// `nil` for the group that is the base.
  private mutating func knownBase(
    for group: TermGroup, _ layer: any ParameterizedLayer
  ) throws -> (weights: ContributionWeights, sum: Tensor)? {
    if let base { return base }
    if place.signs(ofInput: 0) == .mixed {
      let magnitudes = place.cache.layer(place.index, layer, modifiedBy: ParameterModifier(.magnitude))
      base = (.magnitudes, try magnitudes.forward([place.inputs[0].map(Magnitude())]))
    } else if let first = groups.first, first != group, ContributionWeights(first, of: layer) != nil {
      _ = try self(first, passes: place.passes(of: first))
    }
    return base
  }
}

extension [ModifiedPass] {
  /// `Σ sign_k z_k`
  fileprivate func sum(like output: Tensor) throws -> Tensor {
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
