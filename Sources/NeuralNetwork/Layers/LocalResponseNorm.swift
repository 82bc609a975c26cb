import Foundation
import Tensors

/// Division by a power of the energy in neighbouring channels: `y_c = x_c / d_c^β`, `d_c = k + α/n Σ x_j²` over the n
/// channels around c (Krizhevsky, Sutskever and Hinton, NeurIPS 2012, section 3.3, with α/n as in Caffe and PyTorch).
public struct LocalResponseNorm: Layer {
  public var kind: LayerKind { .localResponseNorm }
  public var summary: String { "LocalResponseNorm \(size)" }
  public let size: Int
  public let alpha: Float
  public let beta: Float
  public let k: Float

  public init(size: Int, alpha: Float = 1e-4, beta: Float = 0.75, k: Float = 1) throws {
    guard (1...1 << 16).contains(size) else { throw LayerError("\(size) channels found, 1 to 65536 expected") }
    (self.size, self.alpha, self.beta, self.k) = (size, alpha, beta, k)
  }

  public var traits: LayerTraits {
    LayerTraits(
      linearity: .normalizing, signs: .unknown, axes: .kept(nil), isFunctional: false, isSampleWise: true,
      isWeightedSum: false, isIdentity: false)
  }
  public func flops(inputs: [Shape], output: Shape) -> Double { 2 * Double(size) * Double(output.count) }
  public var tensors: [Tensor] { [] }
  public var secondOrder: SecondOrder { .unavailable }

  public func outputShape(for inputs: [Shape]) throws -> Shape {
    let shape = try inputs.only()
    guard shape.rank >= 2 else { throw LayerError("an input of shape \(shape) found, (N, C, …) expected") }
    return shape
  }

  public func forward(_ inputs: [Tensor]) throws -> Tensor {
    try perPosition(inputs.only(), inputs.only()) { x, _, denominator, result in
      for channel in x.indices { result[channel] = x[channel] * pow(denominator[channel], -beta) }
    }
  }

  public func vjp(_ seed: Tensor, inputs: [Tensor], output: Tensor) throws -> [Tensor] {
    let scale = 2 * alpha * beta / Float(size)
    let result = try perPosition(inputs.only(), seed) { x, seed, denominator, result in
      let shares = x.indices.map { seed[$0] * x[$0] * pow(denominator[$0], -beta - 1) }
      for channel in x.indices {
        // The channels whose windows this one is in: the window mirrored.
        var sum: Float = 0
        for other in max(0, channel - size / 2)...min(x.count - 1, channel + (size - 1) / 2) { sum += shares[other] }
        result[channel] = seed[channel] * pow(denominator[channel], -beta) - scale * x[channel] * sum
      }
    }
    return [result]
  }

  private typealias Channels = UnsafeBufferPointer<Float>

  /// Runs `body` on the channels of `x` and `y` at each position, with the denominators there.
  private func perPosition(
    _ x: Tensor, _ y: Tensor, _ body: (Channels, Channels, [Float], UnsafeMutableBufferPointer<Float>) -> Void
  ) -> Tensor {
    let (x, y) = (x.converted(to: .channelsLast), y.converted(to: .channelsLast))
    let channels = x.shape.channels
    var result = Tensor(uninitialized: x.shape)
    guard x.count > 0 else { return result }
    var denominators = [Float](repeating: 0, count: channels)
    result.withUnsafeMutableBufferPointer { target in
      x.withUnsafeBufferPointer { x in
        y.withUnsafeBufferPointer { y in
          for start in stride(from: 0, to: x.count, by: channels) {
            let range = start..<start + channels
            let values = Channels(rebasing: x[range])
            for channel in 0..<channels {
              var energy: Float = 0
              for other in max(0, channel - (size - 1) / 2)...min(channels - 1, channel + size / 2) {
                energy += values[other] * values[other]
              }
              denominators[channel] = k + alpha / Float(size) * energy
            }
            body(
              values, Channels(rebasing: y[range]), denominators, UnsafeMutableBufferPointer(rebasing: target[range]))
          }
        }
      }
    }
    return result
  }
}
