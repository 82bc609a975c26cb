import Compute
import Foundation
import Tensors

/// A recurrent layer in one direction: LSTM (Hochreiter and Schmidhuber 1997), GRU (Cho et al. 2014) or a plain recurrence,
/// with the parameters and the order of gates that ONNX has. `(N, T, I)` in, the state after each step `(N, T, H)` out.
/// Computes in double.
///
/// Without a rule it hands on the plain gradient. With ``gatesAreConstant`` and a rule such as `Norm`, gates take no
/// relevance and signals all of it, and each weighted sum shares by contributions, biases included (Arras et al.,
/// "Explaining Recurrent Neural Network Predictions in Sentiment Analysis", 2017).
public struct Recurrence: Layer {
  public enum Cell: Hashable, Sendable {
    /// Rows of the parameters: input gate, output gate, forget gate, candidate.
    case lstm
    /// Rows: update gate, reset gate, candidate. torch resets what the recurrent weights made of the state, with its
    /// bias; the standard's other form resets the state itself.
    case gru(resetsAfterProduct: Bool)
    case tanh
    case relu
  }

  public var kind: LayerKind {
    guard !gatesAreConstant else { return .gatedRecurrence }
    switch cell {
    case .lstm: return .lstm
    case .gru: return .gru
    case .tanh, .relu: return .rnn
    }
  }
  public var summary: String {
    var plain = self
    plain.gatesAreConstant = false
    return "\(plain.kind.rawValue) \(features)→\(hidden)" + (isReversed ? " reversed" : "")
      + (givesCellState ? " cell" : "")
  }
  public let cell: Cell
  /// W, `(G·H, I)` for G gates.
  public let inputWeight: Tensor
  /// R, `(G·H, H)`.
  public let recurrentWeight: Tensor
  /// What is added to `W x` and to `R h`, `(G·H)` each.
  public let inputBias: [Double]
  public let recurrentBias: [Double]
  /// h and c before the first step, the same for each sample.
  public let initialHidden: [Double]
  public let initialCell: [Double]
  /// Whether the sequence is read from its end; results stay at their places.
  public let isReversed: Bool

  /// Whether the output is an LSTM's cell state, not the hidden one.
  public var givesCellState: Bool
  /// Whether relevance is propagated in place of gradients, divided by the input: gates count as constants, and each
  /// weighted sum hands on shares with `stab(z) = z + ε·sign(z)` below, ε = 1e-6. The vector-Jacobian product times the
  /// input is the relevance if the seed is the relevance at the output divided by the output.
  public var gatesAreConstant = false

  public var hidden: Int { recurrentWeight.shape[1] }
  public var features: Int { inputWeight.shape[1] }
  private var weightCount: Int { inputWeight.count + recurrentWeight.count }

  private static func gates(_ cell: Cell) -> Int {
    switch cell {
    case .lstm: 4
    case .gru: 3
    case .tanh, .relu: 1
    }
  }

  /// - Throws: ``ComputeError`` if the parameters do not belong together.
  public init(
    _ cell: Cell, inputWeight: Tensor, recurrentWeight: Tensor, inputBias: [Float]? = nil,
    recurrentBias: [Float]? = nil,
    initialHidden: [Float]? = nil, initialCell: [Float]? = nil, isReversed: Bool = false, givesCellState: Bool = false
  ) throws {
    let shapes = (inputWeight.shape, recurrentWeight.shape)
    let gates = Self.gates(cell)
    guard shapes.0.rank == 2, shapes.1.rank == 2, shapes.1[1] > 0, shapes.0[1] > 0,
      shapes.1[0] == gates * shapes.1[1], shapes.0[0] == shapes.1[0],
      (inputBias?.count ?? shapes.0[0]) == shapes.0[0], (recurrentBias?.count ?? shapes.0[0]) == shapes.0[0],
      (initialHidden?.count ?? shapes.1[1]) == shapes.1[1], (initialCell?.count ?? shapes.1[1]) == shapes.1[1]
    else {
      throw ComputeError.shape(
        operation: "recurrent layer", found: shapes.0,
        expected: "weights of \(gates) gates with biases and states alike")
    }
    func doubles(_ numbers: [Float]?, _ count: Int) -> [Double] {
      numbers.map { $0.map { Double($0) } } ?? [Double](repeating: 0, count: count)
    }
    self.cell = cell
    self.inputWeight = inputWeight.converted(to: .rowMajor)
    self.recurrentWeight = recurrentWeight.converted(to: .rowMajor)
    self.inputBias = doubles(inputBias, shapes.0[0])
    self.recurrentBias = doubles(recurrentBias, shapes.0[0])
    self.initialHidden = doubles(initialHidden, shapes.1[1])
    self.initialCell = doubles(initialCell, shapes.1[1])
    (self.isReversed, self.givesCellState) = (isReversed, givesCellState)
  }

  public var traits: LayerTraits {
    LayerTraits(
      linearity: .nonlinear, signs: .unknown, axes: .kept(3), isFunctional: false, isSampleWise: true,
      isWeightedSum: false, isIdentity: false)
  }
  public func flops(inputs: [Shape], output: Shape) -> Double {
    2 * Double(weightCount) / Double(hidden) * Double(output.count)
  }
  public var tensors: [Tensor] { [inputWeight, recurrentWeight] }
  public var secondOrder: SecondOrder { .unavailable }

  public func outputShape(for inputs: [Shape]) throws -> Shape {
    let shape = try inputs.only()
    guard shape.rank == 3, shape[1] > 0, shape[2] == features else {
      throw ComputeError.shape(operation: "recurrent layer", found: shape, expected: "(N, T, \(features))")
    }
    return [shape[0], shape[1], hidden]
  }

  /// What a step computes, for the way back.
  struct Step {
    let place: Int
    /// Gates after their functions, and sums before them, as the kind keeps them.
    var gates: [Double]
    var sums: [Double]
    /// `R h + b` of the candidate, for a GRU.
    var recurrent: [Double] = []
    var before: [Double]
    var cellBefore: [Double] = []
    var cell: [Double] = []
    var hidden: [Double]
  }

  /// The hidden state after each step, or for an LSTM the cell's state.
  public func forward(_ inputs: [Tensor]) throws -> Tensor {
    let input = try inputs.only()
    let shape = try outputShape(for: [input.shape])
    let x = input.rowMajorElements()
    var result = [Float](repeating: 0, count: shape.count)
    for sample in 0..<shape[0] {
      run(x, sample: sample, length: shape[1]) { step in
        let start = (sample * shape[1] + step.place) * hidden
        let state = givesCellState && !step.cell.isEmpty ? step.cell : step.hidden
        for unit in 0..<hidden { result[start + unit] = Float(state[unit]) }
      }
    }
    return Tensor(shape, rowMajor: result)
  }

  public func vjp(_ seed: Tensor, inputs: [Tensor], output: Tensor) throws -> [Tensor] {
    let input = try inputs.only()
    let shape = try outputShape(for: [input.shape])
    guard seed.shape == shape else {
      throw ComputeError.shape(operation: "gradient of a recurrent layer", found: seed.shape, expected: "\(shape)")
    }
    let (x, seeds) = (input.rowMajorElements(), seed.rowMajorElements())
    var result = [Float](repeating: 0, count: input.count)
    for sample in 0..<shape[0] {
      var toHidden = [Double](repeating: 0, count: hidden)
      var toCell = [Double](repeating: 0, count: hidden)
      var steps: [Step] = []
      run(x, sample: sample, length: shape[1]) { steps.append($0) }
      for step in steps.reversed() {
        let start = (sample * shape[1] + step.place) * hidden
        for unit in 0..<hidden {
          // Only an LSTM has one.
          if givesCellState, self.cell == .lstm {
            toCell[unit] += Double(seeds[start + unit])
          } else {
            toHidden[unit] += Double(seeds[start + unit])
          }
        }
        let (sums, recurrentSums) = backward(step, &toHidden, &toCell, gatesAreConstant)
        let toInput = transposed(inputWeight, sums)
        let back = transposed(recurrentWeight, recurrentSums)
        for unit in 0..<hidden { toHidden[unit] += back[unit] }
        let place = (sample * shape[1] + step.place) * features
        for feature in 0..<features { result[place + feature] = Float(toInput[feature]) }
      }
    }
    return [Tensor(input.shape, rowMajor: result)]
  }

  /// Runs `body` on each step, in the order in which the sequence is read.
  private func run(_ x: [Float], sample: Int, length: Int, _ body: (Step) -> Void) {
    var (state, cell) = (initialHidden, initialCell)
    for index in 0..<length {
      let place = isReversed ? length - 1 - index : index
      let start = (sample * length + place) * features
      let fromInput = product(inputWeight, x[start..<start + features].map { Double($0) }, inputBias)
      let step = step(place, fromInput, state, cell)
      (state, cell) = (step.hidden, step.cell.isEmpty ? cell : step.cell)
      body(step)
    }
  }

  private func step(_ place: Int, _ fromInput: [Double], _ state: [Double], _ cell: [Double]) -> Step {
    switch self.cell {
    case .lstm: lstm(place, fromInput, state, cell)
    case .gru(let after): gru(place, fromInput, state, resetsAfterProduct: after)
    case .tanh, .relu: plain(place, fromInput, state)
    }
  }

  /// What reaches the sums that W and R made; the states' own shares are replaced by those of the step before.
  private func backward(
    _ step: Step, _ toHidden: inout [Double], _ toCell: inout [Double], _ gatesAreConstant: Bool
  ) -> (input: [Double], recurrent: [Double]) {
    switch self.cell {
    case .lstm: lstmBackward(step, &toHidden, &toCell, gatesAreConstant)
    case .gru(let after): gruBackward(step, &toHidden, gatesAreConstant, resetsAfterProduct: after)
    case .tanh, .relu: plainBackward(step, &toHidden, gatesAreConstant)
    }
  }

  // MARK: Sums

  /// `M v + b`
  func product(_ matrix: Tensor, _ vector: [Double], _ bias: [Double]) -> [Double] {
    matrix.withUnsafeBufferPointer { rows in
      bias.indices.map { row in
        let start = row * vector.count
        return vector.indices.reduce(bias[row]) { $0 + Double(rows[start + $1]) * vector[$1] }
      }
    }
  }

  /// `Mᵀ v`
  func transposed(_ matrix: Tensor, _ vector: [Double]) -> [Double] {
    let columns = matrix.shape[1]
    var result = [Double](repeating: 0, count: columns)
    matrix.withUnsafeBufferPointer { rows in
      for row in vector.indices where vector[row] != 0 {
        for column in 0..<columns { result[column] += Double(rows[row * columns + column]) * vector[row] }
      }
    }
    return result
  }

  // MARK: Functions

  static func logistic(_ x: Double) -> Double { 1 / (1 + exp(-x)) }

  /// `z / stab(z)`
  static func share(_ z: Double) -> Double { z / (z + (z < 0 ? -1e-6 : 1e-6)) }

  /// `y / x` for a function with `f(0) = 0` and slope 1 there: what an activation passes on, as a factor.
  static func ratio(_ y: Double, _ x: Double) -> Double { x == 0 ? 1 : y / x }
}
