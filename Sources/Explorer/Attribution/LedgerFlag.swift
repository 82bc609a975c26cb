import LRP
import NeuralNetwork

/// Something remarkable about where relevance goes, with its cause in words.
package struct LedgerFlag: Hashable, Sendable {
  package enum Severity: Int, Hashable, Sendable, Comparable {
    case remark, problem
    package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
  }

  /// What it is about; lessons ask for it by this name.
  package enum Kind: String, Hashable, Sendable, CaseIterable {
    case notANumber = "not_a_number"
    case batchNorm = "batch_norm"
    case gradient, addition, product
    case normalization, softmax, bias, stabilizer, growth, loss, cancellation

    var words: String {
      switch self {
      case .notANumber: "what is not a number"
      case .batchNorm: "BatchNorm"
      case .gradient: "layers without a rule"
      case .addition: "additions"
      case .product: "products"
      case .normalization: "normalisations"
      case .softmax: "softmax"
      case .bias: "biases"
      case .stabilizer: "the stabilizer"
      case .growth: "growing relevance"
      case .loss: "lost relevance"
      case .cancellation: "cancellation"
      }
    }
  }

  package var node: Int
  package var kind: Kind
  package var severity: Severity
  /// Without the layer's name.
  package var text: String

  /// The flags of an outcome, in forward order.
  static func flags(_ outcome: AttributionOutcome, _ model: ModelState) -> [LedgerFlag] {
    let top = outcome.ledger.map { abs($0.outgoing) }.filter(\.isFinite).max() ?? 0
    // The canonizer that this network's additions want.
    let usual: any Canonizer = ResNetCanonizer.hasBlocks(in: model.network) ? ResNetCanonizer() : ResidualSums()
    let sums = model.opened.canonizers.first { $0 is ResidualSums } ?? usual
    // Only rules ask for merged batch norms: their gradient is the same.
    let hasRules = outcome.ledger.contains { $0.rule != nil }
    return outcome.ledger.flatMap { balance -> [LedgerFlag] in
      guard let row = model.row(balance.node) else { return [] }
      return causes(balance, row, top: top, sums: sums).filter { hasRules || $0.0 != .batchNorm }.map {
        LedgerFlag(node: balance.node, kind: $0.0, severity: $0.1, text: $0.2)
      }
    }
  }

  private static func causes(
    _ balance: LayerBalance, _ row: LayerRow, top: Double, sums: any Canonizer
  ) -> [(Kind, Severity, String)] {
    if balance.hasNaN || !balance.incoming.isFinite {
      return [(.notANumber, .problem, "relevance is not a number here: try a larger epsilon or stabilizer")]
    }
    var causes: [(Kind, Severity, String)] = []
    if LayerType.batchNorm.contains(row.kind), row.isUnmergedBatchNorm {
      causes.append(
        (.batchNorm, .problem, "BatchNorm is not merged: a canonizer (SequentialMergeBatchNorm) folds it in"))
    }
    if balance.rule == nil, let warning = row.traits.plainGradientWarning(of: row.kind) {
      causes.append((.gradient, .remark, warning))
    }
    // Too little arrives for shares to mean anything.
    guard let kept = balance.kept, abs(balance.outgoing) > 1e-6 * top else { return causes }
    let times = NumberText.fixed(kept, decimals: kept >= 10 ? 0 : 1)
    switch row.kind {
    case .add where kept > 1.5:
      causes.append(
        (
          .addition, .problem,
          "unhooked addition \(times == "2.0" ? "doubles relevance" : "multiplies relevance by \(times)"): "
            + "a canonizer (\(sums.name)) makes it a Sum"
        ))
    case .sum where kept > 1.5 && balance.rule == nil:
      causes.append(
        (
          .addition, .problem,
          "unhooked addition \(times == "2.0" ? "doubles relevance" : "multiplies relevance by \(times)"): "
            + "no rule shares it out (Norm does)"
        ))
    case .product where kept > 1.5 && balance.rule == nil:
      causes.append(
        (.product, .remark, "multiplication hands relevance to every factor, \(times) times in all: no rule shares it"))
    case let kind where row.traits.linearity == .normalizing && balance.rule == nil:
      let amount = abs(kept - 1) < 0.05 ? "" : ", which keeps \(percent(kept)) of the relevance"
      causes.append((.normalization, .remark, "\(kind.rawValue) has no rule: the plain gradient\(amount)"))
    case .softmax, .logSoftmax:
      if abs(kept - 1) > 0.05 {
        causes.append(
          (
            .softmax, .problem,
            "softmax keeps \(abs(kept) < 0.005 ? "none" : percent(kept)) of the relevance: "
              + "the canonizer LogitOutput leaves it out"
          ))
      }
    default: causes += shares(balance, kept: kept, times: times)
    }
    return causes
  }

  private static func shares(_ balance: LayerBalance, kept: Double, times: String) -> [(Kind, Severity, String)] {
    let bias = balance.bias / balance.outgoing
    let stabilizer = balance.stabilizer / balance.outgoing
    let other = balance.other / balance.outgoing
    if bias > 0.5 {
      return [(.bias, .remark, "\(percent(bias)) absorbed by biases – try zero_params (b)")]
    }
    if stabilizer > 0.25 {
      return [
        (.stabilizer, .remark, "\(percent(stabilizer)) absorbed by the stabilizer – a smaller epsilon keeps more")
      ]
    }
    if balance.rule == nil, abs(other) > 0.25 {
      let what = kept > 1 ? "multiplies relevance by \(times)" : "keeps \(percent(kept)) of the relevance"
      return [(.gradient, .remark, "no rule: the plain gradient \(what)")]
    }
    if kept > 1.5 {
      return [(.growth, .remark, "relevance grows by \(times) here – contributions of both signs nearly cancel")]
    }
    if other > 0.25 { return [(.loss, .remark, "\(percent(other)) lost at outputs without any contribution")] }
    let mass = balance.positive - balance.negative
    if mass > 20 * abs(balance.incoming), mass > 0 {
      return [(.cancellation, .remark, "positive and negative relevance nearly cancel; the sum is small beside either")]
    }
    return []
  }

  private static func percent(_ share: Double) -> String { NumberText.fixed(share * 100, decimals: 0) + " %" }
}
