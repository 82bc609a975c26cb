import Compute
import Foundation
import NeuralNetwork
import NumericTesting
import Tensors
import Testing

@Suite struct SoftmaxTests {
  static let cases: [(Shape, Int)] = [
    ([3, 10], 1), ([2, 5, 3, 4], 1), ([2, 5, 3, 4], -1), ([2, 5, 3, 4], 0), ([7], 0),
  ]

  @Test(arguments: cases, [false, true])
  func agreesWithLoops(_ example: (shape: Shape, axis: Int), _ isLogarithmic: Bool) throws {
    let (shape, axis) = example
    var draw = Draw(81)
    let input = draw.tensor(shape).map { $0 * 8 }
    let seed = draw.tensor(shape)
    let index = axis < 0 ? axis + shape.rank : axis
    let (x, s) = (input.doubles, seed.doubles)
    // Lines along the axis, as positions.
    var lines: [[Int]: [Int]] = [:]
    for (place, var spot) in indices(shape.dimensions).enumerated() {
      spot[index] = 0
      lines[spot, default: []].append(place)
    }
    var expected = x
    var gradient = x
    for line in lines.values {
      let sum = line.reduce(0) { $0 + exp(x[$1]) }
      for i in line {
        expected[i] = isLogarithmic ? x[i] - log(sum) : exp(x[i]) / sum
        // Σⱼ sⱼ ∂yⱼ/∂xᵢ
        gradient[i] = line.reduce(0) { total, j in
          let p = exp(x[i]) / sum
          let own = i == j ? 1.0 : 0
          return total + s[j] * (isLogarithmic ? own - p : exp(x[j]) / sum * (own - p))
        }
      }
    }
    let layer = Softmax(axis: axis, isLogarithmic: isLogarithmic)
    let output = try layer.forward(input)
    #expect(relativeError(output, expected) < 1e-6)
    #expect(relativeError(try layer.vjp(seed, inputs: [input], output: output)[0], gradient) < 2e-6)
  }

  @Test func keepsNaNAndReportsWrongAxis() throws {
    let output = try Softmax().forward(Tensor([2, 2], rowMajor: [1, .nan, 0, 0])).rowMajorElements()
    #expect(output[0].isNaN && output[1].isNaN && output[2] == 0.5)
    #expect(throws: LayerError.self) { try Softmax(axis: 2).forward(.zeros([2, 2])) }
    #expect(throws: ComputeError.self) {
      try Softmax().vjp(.zeros([2, 3]), inputs: [.zeros([2, 2])], output: .zeros([2, 2]))
    }
  }
}
