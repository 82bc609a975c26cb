import NeuralNetwork
import Synchronization
import Tensors

/// Collects, while a rule runs, what of the relevance goes to biases and to the stabilizer, per sample.
public final class LayerAccount: Sendable {
  private struct Sums: Sendable {
    var bias: [Double]
    var stabilizer: [Double]
  }
  private let sums: Mutex<Sums>

  public init(batch: Int) {
    let zero = [Double](repeating: 0, count: batch)
    sums = Mutex(Sums(bias: zero, stabilizer: zero))
  }

  public var bias: [Double] { sums.withLock { $0.bias } }
  public var stabilizer: [Double] { sums.withLock { $0.stabilizer } }

  /// Adds `factor · Σ_c f(0)_c Σ s_c`, the share of what the layer adds by itself.
  func addBias(_ layer: any Layer, seed: Tensor, times factor: Float) {
    guard let layer = layer as? any ParameterizedLayer, let offset = layer.offset else { return }
    // Channels are stored last, and of more than two axes the logically last one just before.
    let inner = layer.parameterTraits.offsetAxis == 1 || seed.shape.rank <= 2 ? 1 : seed.shape.channels
    let shares =
      inner == 1
      ? Self.weightedSums(of: seed, weights: offset)
      : Self.weightedSums(of: seed, weights: offset, inner: inner)
    sums.withLock { sums in
      for (sample, share) in shares.enumerated() { sums.bias[sample] += Double(factor) * share }
    }
  }

  func addStabilizer(_ shares: [Double], times factor: Float) {
    sums.withLock { sums in
      for (sample, share) in shares.enumerated() { sums.stabilizer[sample] += Double(factor) * share }
    }
  }

  /// `Σ weight_c · s` per sample, in double.
  private static func weightedSums(of seed: Tensor, weights: Tensor) -> [Double] {
    let weights = weights.rowMajorElements()
    return seed.sampleChannelSums().map { sums in zip(sums, weights).reduce(0) { $0 + $1.0 * Double($1.1) } }
  }

  /// `Σ weight_c · s` per sample, in double, where each weight holds for `inner` elements in a row.
  private static func weightedSums(of seed: Tensor, weights: Tensor, inner: Int) -> [Double] {
    let run = max(1, weights.count * inner)
    let rows = seed.shape.sampleCount / run
    return seed.withUnsafeBufferPointer { seed in
      weights.withUnsafeBufferPointer { weights in
        (0..<(seed.count / max(1, rows * run))).map { sample in
          var sum = 0.0
          for row in sample * rows..<(sample + 1) * rows {
            for (index, weight) in weights.enumerated() {
              let start = row * run + index * inner
              for element in start..<start + inner { sum += Double(seed[element]) * Double(weight) }
            }
          }
          return sum
        }
      }
    }
  }
}
