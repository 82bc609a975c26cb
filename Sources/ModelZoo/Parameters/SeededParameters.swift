import Foundation
import Tensors

/// Random parameters that anyone can draw again: a function of seed, parameter name and index alone.
///
/// The uniform numbers u of a parameter are SplitMix64's, started from `FNV-1a(name) XOR seed`:
/// `s = start + (i + 1) · 0x9E3779B97F4A7C15`, mixed as in Steele, Lea and Flood, "Fast splittable pseudorandom number
/// generators" (OOPSLA 2014), and `u = (mixed >> 11) · 2⁻⁵³`. Then, in double and rounded to float32:
///
/// | parameter | value |
/// |---|---|
/// | weight of a convolution or fully connected layer | (2u − 1) · √(6 / fan-in) |
/// | its bias | (2u − 1) · 0.1 |
/// | weight of a batch or layer norm, running variance, layer scale | 0.5 + u |
/// | bias of a batch or layer norm, running mean | (2u − 1) · 0.2 |
public struct SeededParameters: ParameterSource, Sendable {
  public let seed: UInt64

  public init(seed: UInt64) { self.seed = seed }

  /// The 64-bit FNV-1a hash of a name's UTF-8 bytes.
  static func hash(_ name: String) -> UInt64 {
    name.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
  }

  /// Uniform numbers in 0..<1 for `name`, rounded to float32.
  public func uniform(_ name: String, _ shape: Shape) -> Tensor { draw(name, shape, scale: 1, offset: 0) }

  func parameter(_ name: String, _ shape: Shape, _ role: ParameterRole) -> Tensor {
    switch role {
    case .weight:
      let fanIn = shape.dimensions.dropFirst().reduce(1, *)
      return signed(name, shape, (6 / Double(max(1, fanIn))).squareRoot())
    case .bias: return signed(name, shape, 0.1)
    case .normalizationBias, .runningMean: return signed(name, shape, 0.2)
    case .normalizationWeight, .runningVariance: return draw(name, shape, scale: 1, offset: 0.5)
    }
  }

  func finish() {}

  private func draw(_ name: String, _ shape: Shape, scale: Double, offset: Double) -> Tensor {
    fill(name, shape) { offset + scale * $0 }
  }

  private func signed(_ name: String, _ shape: Shape, _ bound: Double) -> Tensor {
    fill(name, shape) { (2 * $0 - 1) * bound }
  }

  private func fill(_ name: String, _ shape: Shape, _ value: @Sendable (Double) -> Double) -> Tensor {
    let start = Self.hash(name) ^ seed
    var tensor = Tensor(uninitialized: shape, layout: .rowMajor)
    tensor.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      let target = UncheckedMutablePointer(base)
      parallelFor(buffer.count) { range in
        for index in range {
          target.pointer[index] = Float(value(SplitMix64.uniform(seed: start, at: UInt64(truncatingIfNeeded: index))))
        }
      }
    }
    return tensor
  }
}
