import NeuralNetwork
import Tensors

/// Which class is explained.
public enum Target: Hashable, Sendable {
  /// The same class for every sample.
  case index(Int)
  /// A class for each sample.
  case indices([Int])
  /// The class with the largest output, per sample.
  case top1

  /// The class of each sample of an output `(N, classes)`.
  /// - Throws: ``LRPError/target(_:)`` if there is no such class or a number of classes other than the batch's is given.
  public func classes(for output: Tensor) throws -> [Int] {
    let (batch, count) = (output.shape.batch, output.shape.sampleCount)
    let classes: [Int]
    switch self {
    case .index(let index): classes = [Int](repeating: index, count: batch)
    case .indices(let indices):
      guard indices.count == batch else {
        throw LRPError.target("\(indices.count) classes found for \(batch) samples")
      }
      classes = indices
    case .top1: classes = (0..<batch).map { output.strongestClass(ofSample: $0) }
    }
    for index in classes where !(0..<count).contains(index) {
      throw LRPError.target("class \(index) found, the model has 0…\(count - 1)")
    }
    return classes
  }
}

/// The relevance put in at the output (the reference's `attr_output`).
public enum OutputRelevance: Sendable {
  /// The output itself.
  case output
  /// The output at the target, zero elsewhere.
  case logit(Target)
  /// One at the target.
  case one(Target)
  /// Given for each output, `(N, classes)`.
  case tensor(Tensor)
  /// Computed from the output.
  case function(@Sendable (Tensor) throws -> Tensor)

  /// - Throws: ``LRPError/target(_:)`` if it does not fit the output.
  public func relevance(for output: Tensor) throws -> Tensor {
    switch self {
    case .output: return output
    case .logit(let target): return try Self.oneHot(target, output) * output
    case .one(let target): return try Self.oneHot(target, output)
    case .tensor(let tensor): return try Self.checked(tensor, output)
    case .function(let function): return try Self.checked(function(output), output)
    }
  }

  private static func oneHot(_ target: Target, _ output: Tensor) throws -> Tensor {
    guard output.shape.rank == 2 else {
      throw LRPError.target("the output has shape \(output.shape); a class needs (N, classes)")
    }
    let classes = try target.classes(for: output)
    var result = Tensor.zeros(output.shape)
    result.withUnsafeMutableBufferPointer { buffer in
      for (sample, index) in classes.enumerated() { buffer[sample * output.shape[1] + index] = 1 }
    }
    return result
  }

  private static func checked(_ relevance: Tensor, _ output: Tensor) throws -> Tensor {
    guard relevance.shape == output.shape else {
      throw LRPError.target("relevance of shape \(relevance.shape) found, \(output.shape) expected")
    }
    return relevance.converted(to: .channelsLast)
  }
}

extension Tensor {
  /// Index of the largest element of a sample, the first one on ties; NaN never wins.
  public func strongestClass(ofSample sample: Int) -> Int {
    let size = shape.sampleCount
    return withUnsafeBufferPointer { buffer in
      (0..<size).reduce(0) { buffer[sample * size + $1] > buffer[sample * size + $0] ? $1 : $0 }
    }
  }
}
