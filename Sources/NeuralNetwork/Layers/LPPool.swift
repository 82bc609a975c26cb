import Compute
import Foundation
import Tensors

/// The p-norm of every window: `(Σ |x|ᵖ)^(1/p)`.
public struct LPPool: Layer {
  public var kind: LayerKind { .lpPool }
  public var summary: String { "LPPool \(sums.geometry.text)" }
  public let p: Float
  /// Sums over the windows: means that are divided by 1.
  private let sums: AveragePool

  /// - Throws: ``LayerError`` if p is less than 1.
  public init(_ geometry: PoolingGeometry, p: Float) throws {
    guard p >= 1, p.isFinite else { throw LayerError("p = \(p) found, at least 1 expected") }
    self.p = p
    sums = AveragePool(geometry, divisor: 1)
  }

  public var traits: LayerTraits {
    LayerTraits(
      linearity: .nonlinear, signs: .nonnegative, axes: .kept(sums.geometry.rank + 2), isFunctional: false,
      isSampleWise: true,
      isWeightedSum: false, isIdentity: false)
  }
  public func flops(inputs: [Shape], output: Shape) -> Double { sums.geometry.flops(output: output) }
  public var tensors: [Tensor] { [] }
  public var secondOrder: SecondOrder { .unavailable }

  public func outputShape(for inputs: [Shape]) throws -> Shape { try sums.outputShape(for: inputs) }

  public func forward(_ inputs: [Tensor]) throws -> Tensor {
    let p = p
    return try sums.forward([inputs.only().map { pow(abs($0), p) }]).map { pow($0, 1 / p) }
  }

  public func vjp(_ seed: Tensor, inputs: [Tensor], output: Tensor) throws -> [Tensor] {
    let (p, input) = (p, try inputs.only())
    let shares = seed.converted(to: output.layout).map(with: output) { $1 > 0 ? $0 * pow($1, 1 - p) : 0 }
    let spread = try sums.vjp(shares, inputs: [input], output: output)[0]
    return [
      spread.map(with: input.converted(to: spread.layout)) { $0 * pow(abs($1), p - 1) * ($1 < 0 ? -1 : $1 > 0 ? 1 : 0) }
    ]
  }
}
