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
    guard let offset = (layer as? any ParameterizedLayer)?.offset else { return }
    let shares = Self.weightedSums(of: seed, channelWeights: offset)
    sums.withLock { sums in
      for (sample, share) in shares.enumerated() { sums.bias[sample] += Double(factor) * share }
    }
  }

  func addStabilizer(_ shares: [Double], times factor: Float) {
    sums.withLock { sums in
      for (sample, share) in shares.enumerated() { sums.stabilizer[sample] += Double(factor) * share }
    }
  }

  /// `Σ_{c, spatial} weight_c · s` per sample, in double.
  private static func weightedSums(of seed: Tensor, channelWeights: Tensor) -> [Double] {
    let channels = channelWeights.count
    let rows = seed.shape.sampleCount / max(1, channels)
    return seed.withUnsafeBufferPointer { seed in
      channelWeights.withUnsafeBufferPointer { weights in
        (0..<(seed.count / max(1, rows * channels))).map { sample in
          var sum = 0.0
          for row in sample * rows..<(sample + 1) * rows {
            for channel in 0..<channels { sum += Double(seed[row * channels + channel]) * Double(weights[channel]) }
          }
          return sum
        }
      }
    }
  }
}
