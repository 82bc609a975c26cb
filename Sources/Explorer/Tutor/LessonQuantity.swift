import LRP

/// A number of the explorer's state that a lesson can show.
package enum LessonQuantity: Hashable, Sendable {
  /// The relevance that the explanation begins with.
  case logit
  /// The relevance that arrives at the input.
  case input
  /// The part of the logit that arrives at the input, or the part that a layer hands on.
  case kept(layer: String?)
  /// The relevance that arrives at a layer's output.
  case sum(layer: String)
  /// The parts of the logit that biases, stabilizers and everything else took, all layers together.
  case bias, stabilizer, other
  /// The class that is explained, and the one beside it.
  case target, second
  /// The target's probability.
  case probability
  /// The area under a pixel-flipping curve: A, B or random.
  case area(String)
  /// How many flags the ledger has.
  case flags

  /// As written in lessons.
  package var source: String {
    switch self {
    case .logit: "logit"
    case .input: "input"
    case .kept(let layer): "kept" + (layer.map { " " + $0 } ?? "")
    case .sum(let layer): "sum \(layer)"
    case .bias: "bias"
    case .stabilizer: "stabilizer"
    case .other: "other"
    case .target: "class"
    case .second: "second"
    case .probability: "probability"
    case .area(let curve): "area \(curve)"
    case .flags: "flags"
    }
  }

  /// The words that begin a quantity, and whether a name follows.
  static let forms = [
    "logit", "input", "kept", "kept LAYER", "sum LAYER", "bias", "stabilizer", "other", "class", "second",
    "probability",
    "area A", "area B", "area random", "flags",
  ]

  /// - Returns: `nil` if there is no such quantity.
  init?(_ text: String) {
    let words = text.split(separator: " ", maxSplits: 1).map(String.init)
    switch (words.first ?? "", words.count > 1 ? words[1] : nil) {
    case ("logit", nil): self = .logit
    case ("input", nil): self = .input
    case ("kept", let layer): self = .kept(layer: layer)
    case ("sum", let layer?): self = .sum(layer: layer)
    case ("bias", nil): self = .bias
    case ("stabilizer", nil): self = .stabilizer
    case ("other", nil): self = .other
    case ("class", nil): self = .target
    case ("second", nil): self = .second
    case ("probability", nil): self = .probability
    case ("area", let curve?) where ["A", "B", "random"].contains(curve): self = .area(curve)
    case ("flags", nil): self = .flags
    default: return nil
    }
  }

  /// What is written beside the number in large type.
  package var label: String {
    switch self {
    case .logit: "logit"
    case .input: "ΣR input"
    case .kept(let layer): layer == nil ? "kept" : "kept here"
    case .sum: "ΣR"
    case .bias: "to biases"
    case .stabilizer: "to ε"
    case .other: "other"
    case .target: "class"
    case .second: "against"
    case .probability: "p"
    case .area(let curve): "area \(curve)"
    case .flags: "flags"
    }
  }

  /// The value as people read it, `nil` if there is none yet.
  package func value(_ state: ExplorerState) -> String? {
    let outcome = state.shownOutcome
    switch self {
    case .logit: return outcome?.logit.map { NumberText.fixed($0, decimals: 2) }
    case .input: return outcome?.inputSum.map { NumberText.fixed($0, decimals: 2) }
    case .kept(nil): return outcome.flatMap { $0.share($0.inputSum) }
    case .kept(let layer?): return outcome?.balance(ofLayer: layer)?.kept.map(Self.percent)
    case .sum(let layer): return outcome?.balance(ofLayer: layer).map { NumberText.fixed($0.outgoing, decimals: 2) }
    case .bias: return outcome.flatMap { $0.share($0.total(\.bias)) }
    case .stabilizer: return outcome.flatMap { $0.share($0.total(\.stabilizer)) }
    case .other: return outcome.flatMap { $0.share($0.total(\.other)) }
    case .target: return state.targetName
    case .second: return state.contrast.map { state.name(ofClass: $0.target) }
    case .probability:
      return state.targetClass.flatMap { state.classes.entry(ofClass: $0) }.flatMap(\.probability).map(Self.percent)
    case .area(let curve):
      return state.flipping.results.first { $0.title == curve }.map {
        NumberText.fixed($0.curve.areaUnder(state.flipping.quantity), decimals: 2)
      }
    case .flags: return "\(state.shownFlags.count)"
    }
  }

  private static func percent(_ share: Double) -> String {
    abs(share) >= 10 ? NumberText.fixed(share * 100, decimals: 0) + " %" : NumberText.percent(share)
  }
}

extension AttributionOutcome {
  /// What the explanation began with.
  var logit: Double? { ledger.max { $0.node < $1.node }?.outgoing }

  func balance(ofLayer name: String) -> LayerBalance? { ledger.first { $0.name == name } }

  fileprivate func total(_ part: KeyPath<LayerBalance, Double>) -> Double {
    ledger.reduce(0) { $0 + $1[keyPath: part] }
  }

  fileprivate func share(_ value: Double?) -> String? {
    guard let value, let logit, logit != 0 else { return nil }
    return NumberText.percent(value / logit)
  }
}

extension ExplorerState {
  /// The label alone where there is one: `Bag`.
  fileprivate func name(ofClass index: Int) -> String { model?.label(ofClass: index) ?? "class \(index)" }
  fileprivate var targetName: String? { targetClass.map { name(ofClass: $0) } }
}
