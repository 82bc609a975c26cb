import NeuralNetwork
import Tensors

/// `scale · x + shift` per channel, in double: what a batch norm computes.
struct ChannelAffine {
  var scale: [Double]
  var shift: [Double]

  var isIdentity: Bool { scale.allSatisfy { $0 == 1 } && shift.allSatisfy { $0 == 0 } }

  /// First this, then `other`.
  func followed(by other: ChannelAffine) -> ChannelAffine {
    ChannelAffine(
      scale: scale.indices.map { scale[$0] * other.scale[$0] },
      shift: shift.indices.map { shift[$0] * other.scale[$0] + other.shift[$0] })
  }

  /// What reaches `f(scale · x + shift)` as its input when `f` clamps to `lower…upper`: bounds for `x`.
  func bounds(_ lower: Double, _ upper: Double) -> (lower: [Float], upper: [Float]) {
    var result: (lower: [Float], upper: [Float]) = ([], [])
    for (scale, shift) in zip(scale, shift) {
      guard scale != 0 else {
        // Constant: what x is does not matter.
        result.lower.append(-.infinity)
        result.upper.append(.infinity)
        continue
      }
      let ends = [(lower - shift) / scale, (upper - shift) / scale]
      result.lower.append(Float(min(ends[0], ends[1])))
      result.upper.append(Float(max(ends[0], ends[1])))
    }
    return result
  }
}

extension BatchNormalizing {
  var affine: ChannelAffine {
    let scale = zip(weight.rowMajorElements(), runningVariance.rowMajorElements()).map {
      Double($0) / (Double($1) + epsilon).squareRoot()
    }
    let mean = runningMean.rowMajorElements()
    let bias = bias?.rowMajorElements()
    return ChannelAffine(
      scale: scale, shift: scale.indices.map { Double(bias?[$0] ?? 0) - Double(mean[$0]) * scale[$0] })
  }
}
