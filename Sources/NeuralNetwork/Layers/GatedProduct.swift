import Tensors

/// A product whose gate counts as a constant: relevance goes to the signal alone.
///
/// The function is ``Product``'s; the vector-Jacobian product of the gate is zero, as if the gate were a parameter. With
/// a rule such as `Norm` the signal then takes all relevance (Arras et al., "Explaining and interpreting LSTMs", 2019).
public struct GatedProduct: Layer {
  public var kind: LayerKind { .gatedProduct }
  public var summary: String { "× gate" }
  /// Which of the two inputs is the signal.
  public let signal: Int
  private let product = Product()

  /// - Throws: ``LayerError`` if `signal` is not 0 or 1.
  public init(signal: Int) throws {
    guard (0...1).contains(signal) else { throw LayerError("signal \(signal) found, input 0 or 1 expected") }
    self.signal = signal
  }

  public var traits: LayerTraits {
    LayerTraits(
      linearity: .nonlinear, signs: .keepsNonnegative, axes: .kept(nil), isFunctional: false, isSampleWise: true,
      isWeightedSum: false, isIdentity: false)
  }
  public func flops(inputs: [Shape], output: Shape) -> Double { Double(output.count) }
  public var tensors: [Tensor] { [] }
  public var secondOrder: SecondOrder { .unavailable }

  public func outputShape(for inputs: [Shape]) throws -> Shape { try product.outputShape(for: inputs) }

  public func forward(_ inputs: [Tensor]) throws -> Tensor { try product.forward(inputs) }

  public func vjp(_ seed: Tensor, inputs: [Tensor], output: Tensor) throws -> [Tensor] {
    let shape = try outputShape(for: inputs.map(\.shape))
    let gate = inputs[1 - signal]
    let toSignal = seed.converted(to: .channelsLast).map(with: gate.expanded(to: shape)) { $0 * $1 }
      .summed(to: inputs[signal].shape)
    let toGate = Tensor.zeros(gate.shape)
    return signal == 0 ? [toSignal, toGate] : [toGate, toSignal]
  }
}
