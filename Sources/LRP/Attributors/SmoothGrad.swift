import Foundation
import NeuralNetwork
import Tensors

/// The mean attribution over noisy copies of the input (Smilkov et al. 2017). The noise has standard deviation
/// `noiseLevel · (max x − min x)` per sample; the last iteration is without noise, so that one iteration is ``Gradient``.
public struct SmoothGrad: Attributor {
  public let gradient: Gradient
  public var noiseLevel: Double
  public var iterations: Int
  /// Standard normal noise `(N, C, …)` for an iteration; by default drawn from `seed`.
  public var noise: @Sendable (_ iteration: Int, _ shape: Shape) -> Tensor

  public init(_ gradient: Gradient, noiseLevel: Double = 0.1, iterations: Int = 20, seed: UInt64 = 0) {
    self.gradient = gradient
    self.noiseLevel = noiseLevel
    self.iterations = iterations
    noise = { iteration, shape in
      .standardNormal(shape, seed: Self.seed(ofIteration: iteration, seed: seed))
    }
  }

  /// The seed of the noise of an iteration.
  public static func seed(ofIteration iteration: Int, seed: UInt64) -> UInt64 {
    SplitMix64.value(seed: seed, at: UInt64(iteration))
  }

  public func attribute(
    _ input: Tensor, _ outputRelevance: OutputRelevance, observer: AttributionObserver
  ) throws -> Attribution {
    try requireIterations(iterations)
    let input = input.converted(to: .channelsLast)
    let deviations = (0..<input.shape.batch).map { index in
      let sample = input.sample(index)
      return Float(noiseLevel) * (sample.maximum() - sample.minimum())
    }
    return try gradient.mean(over: iterations, outputRelevance, observer: observer) { iteration in
      if iteration == iterations - 1 { return input }
      return input.adding(noise(iteration, input.shape).converted(to: .channelsLast), scaledBy: deviations)
    }
  }
}

extension Gradient {
  /// The mean relevance over several inputs of one shape; the output is that of the last.
  func mean(
    over iterations: Int, _ outputRelevance: OutputRelevance, observer: AttributionObserver,
    input: (Int) -> Tensor
  ) throws -> Attribution {
    var sum: Tensor?
    var last: Attribution?
    for iteration in 0..<iterations {
      let result = try attribute(input(iteration), outputRelevance) {
        try observer($0.part(iteration, of: iterations))
      }
      if var total = sum {
        sum = nil  // leaves `total` as the only owner, so that it is updated in place
        total += result.relevance
        sum = total
      } else {
        sum = result.relevance
      }
      last = result
    }
    guard let sum, let last else { throw LRPError.attributor("no iterations") }
    return Attribution(
      output: last.output, relevance: sum * (1 / Float(iterations)), nodeRelevance: last.nodeRelevance,
      ledger: last.ledger)
  }
}

func requireIterations(_ count: Int) throws {
  guard count >= 1 else { throw LRPError.attributor("\(count) iterations found, at least 1 expected") }
}

extension Tensor {
  /// Independent standard normal values by the Box–Muller transform, in row-major order of the shape.
  /// - Parameter sample: the number of the first sample; the values are those that it has in a larger batch.
  public static func standardNormal(_ shape: Shape, seed: UInt64, sample: Int = 0) -> Tensor {
    let first = sample * shape.sampleCount
    let elements = (first..<first + shape.count).map { index in
      let radius = 1 - SplitMix64.uniform(seed: seed, at: UInt64(2 * index))
      let angle = SplitMix64.uniform(seed: seed, at: UInt64(2 * index + 1))
      return Float((-2 * log(radius)).squareRoot() * cos(2 * .pi * angle))
    }
    return Tensor(shape, rowMajor: elements)
  }

  /// `self + factor_n · other`, with a factor per sample.
  func adding(_ other: Tensor, scaledBy factors: [Float]) -> Tensor {
    let size = shape.sampleCount
    var result = self
    other.withUnsafeBufferPointer { other in
      result.withUnsafeMutableBufferPointer { buffer in
        for (sample, factor) in factors.enumerated() {
          for i in sample * size..<(sample + 1) * size { buffer[i] += factor * other[i] }
        }
      }
    }
    return result
  }
}
