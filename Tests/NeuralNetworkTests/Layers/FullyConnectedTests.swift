import Compute
import NeuralNetwork
import NumericTesting
import Tensors
import Testing

@Suite struct FullyConnectedTests {
  @Test(arguments: [[1, 7], [3, 7], [2, 3, 7], [3, 2, 4, 7], [40, 7], [1, 513], [3, 513]])
  func agreesWithLoops(_ dimensions: [Int]) throws {
    var draw = Draw(9)
    let inputs = dimensions[dimensions.count - 1]
    let outputs = 5
    let input = draw.tensor(Shape(dimensions))
    let weight = draw.tensor([outputs, inputs])
    let bias = draw.tensor([outputs])
    let output = Shape(dimensions.dropLast() + [outputs])
    let seed = draw.tensor(output)
    let (x, w, b, s) = (input.doubles, weight.doubles, bias.doubles, seed.doubles)
    let rows = x.count / inputs
    var expected = [Double](repeating: 0, count: rows * outputs)
    var gradient = [Double](repeating: 0, count: rows * inputs)
    for row in 0..<rows {
      for o in 0..<outputs {
        expected[row * outputs + o] = b[o]
        for i in 0..<inputs {
          expected[row * outputs + o] += w[o * inputs + i] * x[row * inputs + i]
          gradient[row * inputs + i] += w[o * inputs + i] * s[row * outputs + o]
        }
      }
    }
    let layer = try FullyConnected(weight: weight, bias: bias)
    let found = try layer.forward(input)
    #expect(found.shape == output)
    #expect(relativeError(found, expected) < 2e-6)
    let foundGradient = try layer.vjp(seed, inputShape: input.shape)
    #expect(foundGradient.shape == input.shape)
    #expect(relativeError(foundGradient, gradient) < 2e-6)
    let plain = try FullyConnected(weight: weight, bias: nil)
    let (left, right) = (try plain.forward(input).dot(seed), input.dot(foundGradient))
    #expect(abs(left - right) <= 1e-5 * max(1, abs(left)))
  }

  @Test(
    "rows of W that meet a zero are left out", arguments: [[0], [11], [1, 2, 3, 4, 5], Array(0..<12), []], [7, 9001])
  func sparseSeeds(_ nonzero: [Int], inputs: Int) throws {
    var draw = Draw(inputs)
    let outputs = 13
    let weight = draw.tensor([outputs, inputs], layout: .rowMajor)
    let values = (0..<outputs).map { nonzero.contains($0) ? draw.uniform() : 0 }
    let layer = try FullyConnected(weight: weight, bias: draw.tensor([outputs]))
    let found = try layer.vjp(Tensor([1, outputs], rowMajor: values), inputShape: [1, inputs])
    let w = weight.doubles
    let expected = (0..<inputs).map { i in nonzero.reduce(0) { $0 + Double(values[$1]) * w[$1 * inputs + i] } }
    #expect(found.shape == [1, inputs])
    #expect(relativeError(found, expected) < 5e-7)
  }

  @Test func rowsThatMeetAZeroAreNotRead() throws {
    var weights = [Float](repeating: 1, count: 8 * 5)
    weights.replaceSubrange(15..<20, with: repeatElement(.nan, count: 5))
    let layer = try FullyConnected(weight: Tensor([8, 5], rowMajor: weights), bias: nil)
    let seed = Tensor([1, 8], rowMajor: [0, 2, 0, 0, 0, 0, 1, 0])
    #expect(try layer.vjp(seed, inputShape: [1, 5]).rowMajorElements() == [3, 3, 3, 3, 3])
  }

  @Test func spreadsNaN() throws {
    let layer = try FullyConnected(weight: Tensor([2, 3], filledWith: 0), bias: nil)
    let output = try layer.forward(Tensor([2, 3], rowMajor: [1, .nan, 1, 1, 1, 1])).rowMajorElements()
    #expect(output[0].isNaN && output[1].isNaN)
    #expect(output[2...] == [0, 0])
  }

  @Test func reportsWhatDoesNotFit() throws {
    let layer = try FullyConnected(weight: .zeros([2, 3]), bias: nil)
    #expect(throws: ComputeError.self) { try layer.forward(.zeros([1, 4])) }
    #expect(throws: ComputeError.self) { try layer.forward(.zeros([3])) }
    #expect(throws: ComputeError.self) { try layer.vjp(.zeros([1, 3]), inputShape: [1, 3]) }
    #expect(throws: LayerError.self) {
      try FullyConnected(weight: .zeros([2, 3, 1]), bias: nil).forward(.zeros([1, 3]))
    }
    #expect(throws: ComputeError.self) {
      try FullyConnected(weight: .zeros([2, 3]), bias: .zeros([3])).forward(.zeros([1, 3]))
    }
  }
}
