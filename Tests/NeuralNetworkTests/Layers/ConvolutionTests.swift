import Compute
import NeuralNetwork
import NumericTesting
import Tensors
import Testing

@Suite struct ConvolutionTests {
  @Test(arguments: ConvolutionCase.all) func agreesWithLoops(_ example: ConvolutionCase) throws {
    var draw = Draw(7)
    let weight = draw.tensor(example.weight, layout: .rowMajor)
    let output = try example.geometry.outputShape(input: example.input, weight: example.weight)
    let bias = draw.tensor([output.channels])
    let (input, seed) = (draw.tensor(example.input), draw.tensor(output))
    let expected = example.expected(input: input, weight: weight, bias: bias, seed: seed)
    let biased = try Convolution(geometry: example.geometry, weight: weight, bias: bias)
    let plain = try Convolution(geometry: example.geometry, weight: weight, bias: nil)
    let found = try biased.forward(input)
    #expect(found.shape == output)
    #expect(relativeError(found, expected.biased) < 2e-6)
    #expect(relativeError(try plain.forward(input), expected.linear) < 2e-6)
    let foundGradient = try biased.vjp(seed, inputShape: example.input)
    #expect(foundGradient.shape == example.input)
    #expect(relativeError(foundGradient, expected.gradient) < 2e-6)
    // ⟨J v, s⟩ = ⟨v, Jᵀ s⟩
    let (left, right) = (try plain.forward(input).dot(seed), input.dot(foundGradient))
    #expect(abs(left - right) <= 1e-5 * max(1, abs(left)))
    // Row-major inputs are accepted too, and a second call uses what the first one made.
    #expect(relativeError(try biased.forward(input.converted(to: .rowMajor)), expected.biased) < 2e-6)
  }

  @Test func oneLayerServesManyShapes() throws {
    var draw = Draw(3)
    let weight = draw.tensor([8, 4, 3, 3], layout: .rowMajor)
    let shared = try Convolution(geometry: .init(rank: 2, padding: 1), weight: weight, bias: nil)
    for extent in (4..<20).map({ $0 }) + [4, 5] {
      let input = draw.tensor([1 + extent % 3, 4, extent, 5])
      let fresh = try Convolution(geometry: .init(rank: 2, padding: 1), weight: weight, bias: nil)
      let (found, expected) = (try shared.forward(input), try fresh.forward(input))
      #expect(relativeError(found, expected.doubles) < 1e-6)
    }
  }

  @Test func runsOnSeveralThreads() async throws {
    var draw = Draw(5)
    let layer = try Convolution(
      geometry: .init(rank: 2, padding: 1), weight: draw.tensor([16, 8, 3, 3], layout: .rowMajor), bias: nil)
    let inputs = (0..<8).map { draw.tensor([1, 8, 10 + $0 % 2, 9]) }
    let expected = try inputs.map { try layer.forward($0).doubles }
    try await withThrowingTaskGroup(of: Double.self) { group in
      for (input, expected) in zip(inputs, expected) {
        group.addTask { relativeError(try layer.forward(input), expected) }
      }
      for try await error in group { #expect(error < 1e-6) }
    }
  }

  /// Among numbers, and among zeros that are left out.
  @Test(arguments: [(channels: 2, isSparse: false), (64, false), (64, true)])
  func spreadsNaNAndNothingElse(channels: Int, isSparse: Bool) throws {
    var draw = Draw(11)
    let layer = try Convolution(
      geometry: .init(rank: 2, padding: 1), weight: draw.tensor([64, channels, 3, 3], layout: .rowMajor), bias: nil)
    let shape: Shape = [1, channels, 5, 5]
    var elements = (isSparse ? Tensor.zeros(shape) : draw.tensor(shape)).rowMajorElements()
    elements[(channels - 1) * 25 + 12] = .nan
    let output = try layer.forward(Tensor(shape, rowMajor: elements)).rowMajorElements()
    for (index, value) in output.enumerated() {
      let (row, column) = (index % 25 / 5, index % 5)
      #expect(value.isNaN == ((1...3).contains(row) && (1...3).contains(column)), "\(index)")
    }
  }

  @Test func emptyBatch() throws {
    let layer = try Convolution(
      geometry: .init(rank: 2), weight: .zeros([4, 2, 3, 3], layout: .rowMajor), bias: nil)
    #expect(try layer.forward(.zeros([0, 2, 5, 5])).shape == [0, 4, 3, 3])
  }

  static let wrong: [(Shape, Shape, ConvolutionGeometry)] = [
    ([1, 3, 8, 8], [4, 2, 3, 3], .init(rank: 2)),
    ([1, 2, 8], [4, 2, 3, 3], .init(rank: 2)),
    ([1, 2, 2, 8], [4, 2, 3, 3], .init(rank: 2)),
    ([1, 2, 8, 8], [4, 2, 3], .init(rank: 2)),
    ([1, 2, 8, 8], [4, 2, 3, 3], .init(rank: 2, stride: 0)),
    ([1, 2, 8, 8], [4, 2, 3, 3], .init(rank: 2, dilation: 0)),
    ([1, 2, 8, 8], [4, 2, 3, 3], .init(rank: 2, padding: -1)),
    ([1, 2, 8, 8], [4, 2, 3, 3], .init(rank: 2, dilation: .max)),
    ([1, 6, 8, 8], [4, 2, 3, 3], .init(rank: 2, groups: 3)),
    ([1, 2, 8, 8], [4, 2, 3, 3], .init(rank: 2, groups: 0)),
    ([1, 2, 8, 8], [0, 2, 3, 3], .init(rank: 2)),
    ([1, 4, 1, 1], [4, 2, 1, 1], .init(rank: 2, padding: 3, isTransposed: true)),
    ([1, 2, 8, 8], [4, 2, 3, 3], .init(strides: [1, 1], dilations: [1], paddingBegin: [0, 0], paddingEnd: [0, 0])),
  ]

  @Test(arguments: wrong) func reportsWhatDoesNotFit(_ input: Shape, _ weight: Shape, _ geometry: ConvolutionGeometry) {
    #expect(throws: (any Error).self) {
      try Convolution(geometry: geometry, weight: .zeros(weight, layout: .rowMajor)).forward(.zeros(input))
    }
  }

  @Test func reportsWrongSeedAndBias() throws {
    let weight = Tensor.zeros([4, 2, 3, 3], layout: .rowMajor)
    let layer = try Convolution(geometry: .init(rank: 2), weight: weight, bias: nil)
    #expect(throws: ComputeError.self) { try layer.vjp(.zeros([1, 4, 8, 8]), inputShape: [1, 2, 8, 8]) }
    let biased = try Convolution(geometry: .init(rank: 2), weight: weight, bias: .zeros([3]))
    let error = #expect(throws: ComputeError.self) { try biased.forward(.zeros([1, 2, 8, 8])) }
    #expect(error?.description.contains("a bias of 4 numbers") == true)
  }
}
