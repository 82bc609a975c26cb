import Compute
import Tensors

/// A recurrent layer in one direction: `(N, T, I)` in, the state after each step `(N, T, H)` out.
///
/// Without a rule it hands on the plain gradient. With ``gatesAreConstant`` and a rule such as `Norm`, gates take no
/// relevance and signals all of it, and each weighted sum shares by contributions, biases included (Arras et al.,
/// "Explaining Recurrent Neural Network Predictions in Sentiment Analysis", 2017).
public struct Recurrence: Layer {
  public var kind: LayerKind {
    guard !gatesAreConstant else { return .gatedRecurrence }
    switch cell.kind {
    case .lstm: return .lstm
    case .gru: return .gru
    case .tanh, .relu: return .rnn
    }
  }
  public var summary: String {
    let name = Recurrence(cell).kind.rawValue
    return "\(name) \(cell.features)→\(cell.hidden)" + (cell.isReversed ? " reversed" : "")
      + (givesCellState ? " cell" : "")
  }
  public let cell: RecurrentCell
  /// Whether the output is an LSTM's cell state, not the hidden one.
  public let givesCellState: Bool
  public let gatesAreConstant: Bool

  public init(_ cell: RecurrentCell, givesCellState: Bool = false, gatesAreConstant: Bool = false) {
    (self.cell, self.givesCellState, self.gatesAreConstant) = (cell, givesCellState, gatesAreConstant)
  }

  public var traits: LayerTraits {
    LayerTraits(
      linearity: .nonlinear, signs: .unknown, axes: .kept(3), isFunctional: false, isSampleWise: true,
      isWeightedSum: false, isIdentity: false)
  }
  public func flops(inputs: [Shape], output: Shape) -> Double {
    2 * Double(cell.weightCount) / Double(cell.hidden) * Double(output.count)
  }
  public var secondOrder: SecondOrder { .unavailable }

  public func outputShape(for inputs: [Shape]) throws -> Shape { try cell.outputShape(input: inputs.only()) }

  public func forward(_ inputs: [Tensor]) throws -> Tensor {
    try cell.forward(inputs.only(), cellState: givesCellState)
  }

  public func vjp(_ seed: Tensor, inputs: [Tensor], output: Tensor) throws -> [Tensor] {
    [
      try cell.vjp(
        seed, input: inputs.only(), cellState: givesCellState, gatesAreConstant: gatesAreConstant)
    ]
  }
}
