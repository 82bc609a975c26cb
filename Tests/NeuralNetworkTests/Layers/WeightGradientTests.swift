import Compute
import NeuralNetwork
import NumericTesting
import Tensors
import Testing

/// Operators are linear in the weight, so its gradient is what each unit weight contributes.
struct WeightGradientTests {
  private func random(_ shape: Shape, _ seed: UInt64, _ layout: Tensor.Layout = .channelsLast) -> Tensor {
    let elements = (0..<shape.count).map { Float(2 * SplitMix64.uniform(seed: seed, at: UInt64($0)) - 1) }
    return Tensor(shape, rowMajor: elements, layout: layout)
  }

  private func unit(_ shape: Shape, _ index: Int) -> Tensor {
    var elements = [Float](repeating: 0, count: shape.count)
    elements[index] = 1
    return Tensor(shape, rowMajor: elements, layout: .rowMajor)
  }

  @Test(
    "convolutions",
    arguments: [
      (ConvolutionGeometry(rank: 2, stride: 2, padding: 1), [3, 2, 3, 2], [2, 2, 8, 7]),
      (ConvolutionGeometry(rank: 2, dilation: 2, groups: 2), [4, 2, 2, 2], [1, 4, 6, 5]),
      (ConvolutionGeometry(rank: 1, stride: 3), [2, 3, 2], [2, 3, 10]),
      (ConvolutionGeometry(rank: 3, padding: 1), [2, 1, 2, 1, 2], [1, 1, 3, 2, 3]),
      (
        ConvolutionGeometry(rank: 2, stride: 2, padding: 1, isTransposed: true, outputPadding: 1), [2, 3, 3, 3],
        [2, 2, 4, 3]
      ),
      (ConvolutionGeometry(rank: 2, stride: 1, groups: 3, isTransposed: true), [3, 2, 2, 2], [1, 3, 3, 4]),
    ] as [(ConvolutionGeometry, Shape, Shape)])
  func convolution(geometry: ConvolutionGeometry, weight: Shape, input: Shape) throws {
    let x = random(input, 1)
    let seed = random(try geometry.outputShape(input: input, weight: weight), 2)
    let found = try WeightGradient.convolution(geometry, weight: weight, seed: seed, input: x).rowMajorElements()
    for index in 0..<weight.count {
      let single = try Convolution(geometry: geometry, weight: unit(weight, index), bias: nil)
      let expected = try (single.forward(x) * seed).sum()
      #expect(abs(Double(found[index]) - expected) < 1e-4)
    }
    #expect(throws: ComputeError.self) {
      _ = try WeightGradient.convolution(geometry, weight: weight, seed: random([1, 1, 1], 1), input: x)
    }
  }

  @Test("fully connected", arguments: [[3, 5], [1, 5], [2, 3, 5]] as [Shape])
  func fullyConnected(input: Shape) throws {
    let weight: Shape = [4, 5]
    let x = random(input, 1)
    let seed = random(Shape(input.dimensions.dropLast() + [4]), 2)
    let found = try WeightGradient.fullyConnected(weight: weight, seed: seed, input: x).rowMajorElements()
    for index in 0..<weight.count {
      let single = try FullyConnected(weight: unit(weight, index), bias: nil)
      #expect(try abs(Double(found[index]) - (single.forward(x) * seed).sum()) < 1e-5)
    }
    #expect(throws: ComputeError.self) {
      _ = try WeightGradient.fullyConnected(weight: weight, seed: random([3, 3], 1), input: x)
    }
  }
}
