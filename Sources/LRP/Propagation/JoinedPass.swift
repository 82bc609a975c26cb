import NeuralNetwork
import Tensors

/// All terms of a group as one pass: several inputs side by side as that many times the channels, the parameters
/// likewise.
///
/// A sum of convolutions is then a single one, and one adjoint gives all gradients.
protocol JoinedPass {
  /// The layer for all inputs.
  var layer: Convolution { get }
  /// `z = Σ sign_k z_k`
  func forward() throws -> Tensor
  /// `Σ sign_k · x̃_k · c_k`, times a factor.
  func share(of seed: Tensor, times factor: Float) throws -> Tensor
}

extension RulePlace {
  /// - Returns: `nil` where a group's terms are run one after the other.
  func joinedPass(of group: TermGroup) -> (any JoinedPass)? {
    SplitPass(of: group, at: self) ?? BoxPass(of: group, at: self)
  }
}

extension Convolution {
  /// A convolution of as many times the channels, the weights of which are `parts`, each of this one's shape.
  func joining(_ parts: [Tensor], bias: Tensor?) -> Convolution {
    let parts = parts.map { $0.converted(to: .rowMajor) }
    var extents = weight.shape.dimensions
    extents[1] *= parts.count
    var joined = Tensor(uninitialized: Shape(extents), layout: .rowMajor)
    let run = weight.shape.sampleCount
    joined.withUnsafeMutableBufferPointer { target in
      for (part, weight) in parts.enumerated() {
        weight.withUnsafeBufferPointer { source in
          for output in 0..<extents[0] {
            let row = UnsafeBufferPointer(rebasing: source[output * run..<(output + 1) * run])
            let start = (output * parts.count + part) * run
            _ = UnsafeMutableBufferPointer(rebasing: target[start..<start + run]).update(from: row)
          }
        }
      }
    }
    return replacing(weight: joined, bias: bias)
  }
}

extension Shape {
  /// `(N, 2C, …)` for `(N, C, …)`.
  var withTwiceTheChannels: Shape {
    var extents = dimensions
    extents[1] *= 2
    return Shape(extents)
  }
}
