import Compute
import NeuralNetwork
import NumericTesting
import Tensors
import Testing

@Suite struct BatchNormTests {
  @Test(arguments: [[1, 5], [3, 5, 4], [3, 5, 7, 9], [1, 5, 3, 4, 2]]) func agreesWithLoops(_ dimensions: [Int]) throws
  {
    var draw = Draw(41)
    let shape = Shape(dimensions)
    let (weight, bias, mean) = (draw.tensor([5]), draw.tensor([5]), draw.tensor([5]))
    let variance = draw.tensor([5]).map { abs($0) + 0.1 }
    let (input, seed) = (draw.tensor(shape), draw.tensor(shape))
    let layer = try BatchNorm(weight: weight, bias: bias, mean: mean, variance: variance, epsilon: 1e-3)
    let (g, b, m, v) = (weight.doubles, bias.doubles, mean.doubles, variance.doubles)
    let channel = { (index: Int) in index / shape.spatialCount % 5 }
    let expected = input.doubles.enumerated().map { i, x in
      let c = channel(i)
      return (x - m[c]) / (v[c] + 1e-3).squareRoot() * g[c] + b[c]
    }
    let gradient = seed.doubles.enumerated().map { i, s in
      let c = channel(i)
      return s * g[c] / (v[c] + 1e-3).squareRoot()
    }
    #expect(relativeError(try layer.forward(input), expected) < 1e-6)
    #expect(relativeError(try layer.vjp(seed, inputShape: shape), gradient) < 1e-6)
  }

  @Test func reportsWhatDoesNotFit() throws {
    let four = Tensor([4], filledWith: 1)
    #expect(throws: ComputeError.self) {
      try BatchNorm(weight: Tensor([3], filledWith: 1), bias: nil, mean: four, variance: four)
    }
    let layer = try BatchNorm(weight: nil, bias: nil, mean: four, variance: four)
    #expect(throws: ComputeError.self) { try layer.forward(.zeros([1, 3, 2, 2])) }
    #expect(throws: ComputeError.self) { try layer.vjp(.zeros([1, 3, 2, 2]), inputShape: [1, 3, 2, 2]) }
  }
}
