import Compute
import NeuralNetwork

/// What a rule takes at one layer: for each share the passes through the layer that are not exactly zero, and how its
/// denominator is had. Known before anything is computed, from the layer and the signs of its inputs alone.
///
/// Whoever runs, counts, traces or differentiates a rule reads its plan and asks nothing else of it.
package struct Plan: Hashable, Sendable {
  let steps: [Step]

  /// What one share takes.
  struct Step: Hashable, Sendable {
    let coefficient: Double
    let gate: Gate
    /// All passes that make up the share, those that are zero included.
    let terms: [Term]
    /// Those that are run.
    let passes: [Pass]
    let denominator: Denominator
    let fusion: Fusion
    /// How much positive and negative contributions weigh in the denominator, where that is all there is to it.
    let weights: ContributionWeights?
  }

  struct Pass: Hashable, Sendable {
    let term: Term
    /// Whether anything goes back to the input: not where the modified input is zero and only the bias is left.
    let contributes: Bool
    /// Whether the pass is the layer's own, whose output is known.
    let isOriginal: Bool
  }

  /// How `z̃` is had.
  enum Denominator: Hashable, Sendable {
    /// It is the layer's output.
    case output
    /// From the output and the sum of all contributions' magnitudes.
    case outputAndMagnitudes
    /// From the output and the first share's denominator.
    case outputAndFirst
    /// From passes of its own.
    case passes
  }

  /// How passes are run.
  enum Fusion: Hashable, Sendable {
    /// One after the other.
    case none
    /// Those for positive and negative inputs side by side, as one pass of twice the channels.
    case signs
    /// What does not depend on the input is added up in the weights, and computed for one sample.
    case constants
  }
}

extension Plan: CustomStringConvertible {
  /// One line a share: `z > 0: z from output and magnitudes; back x⁺, x⁻ at once`.
  package var description: String { steps.map(\.description).joined(separator: "\n") }
}

extension Plan.Step: CustomStringConvertible {
  package var description: String {
    let inputs = passes.filter(\.contributes).map { "\($0.term.input.symbol)" }
    let gate =
      switch gate {
      case .open: "all"
      case .positive: "z > 0"
      case .negative: "z < 0"
      }
    let denominator =
      switch denominator {
      case .output: "output"
      case .outputAndMagnitudes: "output and magnitudes"
      case .outputAndFirst: "output and first share"
      case .passes: fusion == .constants ? "output and constants" : "\(passes.count) passes"
      }
    return "\(gate): z from \(denominator); back \(inputs.joined(separator: ", "))"
      + (fusion == .none ? "" : " at once")
  }
}

extension InputModifier {
  fileprivate var symbol: String {
    switch self {
    case .identity: "x"
    case .positive: "x⁺"
    case .negative: "x⁻"
    case .ones: "1"
    case .bound: "bound"
    }
  }
}

extension ShareRule {
  /// - Parameter signs: of each input; `.mixed` where nothing is known or asked.
  package func plan(for layer: any Layer, signs: [Signs]) -> Plan {
    let shares = shares
    // The first denominator serves the others, unless that of all magnitudes does.
    let isMixed = signs.first == .mixed
    let first = shares.first.flatMap { ContributionWeights($0, of: layer, zero: zeroParams) }
    return Plan(
      steps: shares.enumerated().map { index, share in
        let terms = share.terms(zero: zeroParams)
        let passes = terms.compactMap { Plan.Pass($0, layer, signs) }
        let weights = ContributionWeights(share, of: layer, zero: zeroParams)
        let denominator: Plan.Denominator =
          if passes.count == 1, passes[0].isOriginal, passes[0].term.sign == 1 {
            .output
          } else if let weights, share.gate != .open || ContributionSum.supports(layer), isMixed {
            weights.factors(from: .magnitudes) == nil ? .passes : .outputAndMagnitudes
          } else if let weights, share.gate != .open || ContributionSum.supports(layer), index > 0, let first {
            weights.factors(from: first) == nil ? .passes : .outputAndFirst
          } else {
            .passes
          }
        return Plan.Step(
          coefficient: share.coefficient, gate: share.gate, terms: terms, passes: passes, denominator: denominator,
          fusion: Plan.Fusion(of: terms, layer, signs), weights: weights)
      })
  }

  /// Whether the plan depends on the signs of inputs.
  var dependsOnSigns: Bool { shares.contains { $0.terms(zero: zeroParams).contains { $0.input.dependsOnSigns } } }
}

extension RuleContext {
  /// The plan of a rule here. Signs are looked up only where they matter.
  func plan(of rule: some ShareRule) -> Plan {
    let signs = rule.dependsOnSigns ? inputs.indices.map { self.signs(ofInput: $0) } : inputs.map { _ in .mixed }
    return rule.plan(for: layer, signs: signs)
  }
}

extension Plan.Pass {
  /// - Returns: `nil` for a pass that is exactly zero.
  fileprivate init?(_ term: Term, _ layer: any Layer, _ signs: [Signs]) {
    self.term = term
    contributes = !signs.allSatisfy { term.input.vanishes(for: $0) }
    if !contributes, layer.traits.linearity == .linear, !term.parameters.addsBias(to: layer) { return nil }
    isOriginal =
      signs.allSatisfy { term.input.isIdentity(for: $0) } && term.parameters.isIdentity(for: layer)
  }
}

extension Plan.Fusion {
  fileprivate init(of terms: [Term], _ layer: any Layer, _ signs: [Signs]) {
    guard let layer = layer as? Convolution, layer.geometry.groups == 1, !layer.geometry.isTransposed,
      signs.count == 1
    else {
      self = .none
      return
    }
    if terms.map(\.input) == [.positive, .negative], terms.allSatisfy({ $0.sign == 1 }), signs[0] == .mixed {
      self = .signs
    } else if terms.count > 1, terms[0].input == .identity, terms[0].sign == 1, terms[0].parameters.change == .none,
      !terms[0].parameters.zero.contains(.weight),
      terms.dropFirst().allSatisfy({ $0.input.constants(channels: layer.weight.shape[1]) != nil })
    {
      self = .constants
    } else {
      self = .none
    }
  }
}

extension ParameterModifier {
  /// Whether a layer adds anything by itself under the modifier.
  fileprivate func addsBias(to layer: any Layer) -> Bool {
    guard let layer = layer as? any ParameterizedLayer else { return false }
    // Zero parameters leave nothing of what such a layer adds; a batch norm still has its mean.
    if layer is any LinearInParameters, zero.contains(.bias) { return false }
    return layer.offset != nil
  }
}
