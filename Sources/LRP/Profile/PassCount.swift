import NeuralNetwork
import Tensors

/// How many passes through a layer a rule makes for given data, after those that are exactly zero are left out.
public struct PassCount: Sendable, Equatable {
  public var forward: Int
  public var backward: Int

  public init(forward: Int, backward: Int) {
    self.forward = forward
    self.backward = backward
  }

  /// - Parameters:
  ///   - rule: `nil` for the plain gradient.
  ///   - inputs: the layer's activations.
  ///   - output: its output.
  ///   - relevance: what arrives there.
  public init(of rule: (any Rule)?, layer: any Layer, inputs: [Tensor], output: Tensor, relevance: Tensor) {
    guard let rule else {
      self.init(forward: 0, backward: 1)
      return
    }
    guard let rule = rule as? any TermRule else {
      // Rules of their own work on the elements; those of activations never pass through the layer.
      self.init(forward: 0, backward: LayerType.activation.contains(layer.kind) || rule is Pass ? 0 : 1)
      return
    }
    let signs = inputs.map { (minimum: $0.minimum(), maximum: $0.maximum()) }
    let hasBias = (layer as? any ParameterizedLayer)?.bias != nil
    self.init(forward: 0, backward: 0)
    let isMixed = signs.contains { $0.minimum < 0 && $0.maximum > 0 }
    var isSumKnown = false
    for group in rule.groups where group.gate.meets(relevance, output) {
      if BoxPass.suits(group, layer) {
        forward += 1
        backward += 2
        continue
      }
      let terms = group.terms.map { term in
        let isZero = signs.allSatisfy { term.input.vanishes(minimum: $0.minimum, maximum: $0.maximum) }
        let addsBias = hasBias && !term.parameters.zero.contains(.bias)
        return (term: term, isZero: isZero, isVoid: isZero && !addsBias)
      }
      let run = terms.filter { !$0.isVoid }
      let isOutput = run.count == 1 && run[0].term.leaves(signs: signs, hasBias: hasBias)
      // That too many outputs cancel is not foreseen here; see ``Denominators``.
      let isDerived = Denominators.suits(group, layer) && (isMixed || isSumKnown)
      forward += isOutput || isDerived && isSumKnown ? 0 : isDerived ? 1 : run.count
      isSumKnown = isSumKnown || Denominators.suits(group, layer)
      backward += run.filter { !$0.isZero }.count
    }
  }
}

extension Term {
  /// Whether the term is the layer's own pass, whose result is known.
  fileprivate func leaves(signs: [(minimum: Float, maximum: Float)], hasBias: Bool) -> Bool {
    let isSameInput =
      input == .identity || (input == .positive && signs.allSatisfy { $0.minimum >= 0 })
      || (input == .negative && signs.allSatisfy { $0.maximum <= 0 })
    let isSameLayer =
      parameters.change == .none && !parameters.zero.contains(.weight) && (!parameters.zero.contains(.bias) || !hasBias)
    return isSameInput && isSameLayer && sign == 1
  }
}

extension InputModifier {
  fileprivate func vanishes(minimum: Float, maximum: Float) -> Bool {
    (self == .positive && maximum <= 0) || (self == .negative && minimum >= 0)
  }
}

extension Gate {
  fileprivate func meets(_ relevance: Tensor, _ output: Tensor) -> Bool {
    switch self {
    case .open: true
    case .positive: relevance.isNonzeroAnywhere(whereSign: 1, of: output)
    case .negative: relevance.isNonzeroAnywhere(whereSign: -1, of: output)
    }
  }
}
