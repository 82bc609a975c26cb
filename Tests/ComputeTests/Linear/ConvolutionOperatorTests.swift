import Compute
import Tensors
import Testing

struct ConvolutionCase: Sendable, CustomTestStringConvertible {
  var name: String
  var input: Shape
  var weight: Shape
  var geometry: ConvolutionGeometry
  var testDescription: String { name }

  init(_ name: String, _ input: Shape, _ weight: Shape, _ geometry: ConvolutionGeometry) {
    (self.name, self.input, self.weight, self.geometry) = (name, input, weight, geometry)
  }

  static let all: [ConvolutionCase] = [
    .init("3x3, 3 channels", [1, 3, 13, 11], [8, 3, 3, 3], .init(rank: 2, padding: 1)),
    .init("3x3, batch 3", [3, 17, 9, 7], [33, 17, 3, 3], .init(rank: 2, padding: 1)),
    .init("1x1", [3, 16, 5, 7], [24, 16, 1, 1], .init(rank: 2)),
    .init("1x1, stride 2", [1, 16, 7, 8], [24, 16, 1, 1], .init(rank: 2, stride: 2)),
    .init("7x7, stride 2", [1, 3, 23, 21], [16, 3, 7, 7], .init(rank: 2, stride: 2, padding: 3)),
    .init("3x3, stride 2", [3, 16, 11, 12], [16, 16, 3, 3], .init(rank: 2, stride: 2, padding: 1)),
    .init("11x11, stride 4", [1, 3, 35, 35], [16, 3, 11, 11], .init(rank: 2, stride: 4, padding: 2)),
    .init("dilated", [1, 8, 15, 13], [8, 8, 3, 3], .init(rank: 2, dilation: 2, padding: 2)),
    .init("dilated, strided", [3, 8, 15, 13], [8, 8, 3, 3], .init(rank: 2, stride: 2, dilation: 3, padding: 1)),
    .init("padding beyond the kernel", [1, 8, 6, 5], [8, 8, 2, 2], .init(rank: 2, padding: 3)),
    .init(
      "uneven", [1, 5, 9, 10], [7, 5, 3, 2],
      .init(strides: [1, 1], dilations: [1, 2], paddingBegin: [0, 2], paddingEnd: [2, 1])),
    .init(
      "uneven, strided", [3, 5, 9, 10], [7, 5, 3, 2],
      .init(strides: [2, 1], dilations: [1, 2], paddingBegin: [0, 2], paddingEnd: [1, 0])),
    .init("picture, padding beyond the kernel", [3, 3, 6, 5], [8, 3, 2, 2], .init(rank: 2, padding: 3)),
    .init("picture, dilated", [1, 3, 15, 13], [8, 3, 3, 2], .init(rank: 2, stride: 2, dilation: 2, padding: 2)),
    .init("picture, rows left over", [3, 1, 12, 13], [9, 1, 3, 3], .init(rank: 2, stride: 3)),
    .init("many channels, summed in parts", [2, 128, 6, 5], [24, 128, 3, 3], .init(rank: 2, padding: 1)),
    .init("many channels, 1x1, strided", [1, 2048, 3, 4], [16, 2048, 1, 1], .init(rank: 2, stride: 2)),
    .init("many channels, 1d", [3, 96, 7], [5, 96, 9], .init(rank: 1, padding: 4)),
    .init("groups", [3, 12, 8, 9], [20, 3, 3, 3], .init(rank: 2, padding: 1, groups: 4)),
    .init("groups, strided", [1, 32, 8, 9], [32, 8, 3, 3], .init(rank: 2, stride: 2, padding: 1, groups: 4)),
    .init("depthwise", [3, 32, 9, 8], [32, 1, 3, 3], .init(rank: 2, padding: 1, groups: 32)),
    .init("depthwise, strided", [1, 32, 9, 8], [32, 1, 3, 3], .init(rank: 2, stride: 2, padding: 1, groups: 32)),
    .init(
      "depthwise 5x5, strided", [1, 19, 11, 12], [19, 1, 5, 5], .init(rank: 2, stride: 2, padding: 2, groups: 19)),
    .init("depthwise, two features each", [1, 6, 9, 8], [12, 1, 3, 3], .init(rank: 2, padding: 1, groups: 6)),
    .init("depthwise, dilated", [1, 16, 9, 8], [16, 1, 3, 3], .init(rank: 2, dilation: 2, padding: 2, groups: 16)),
    .init("1d", [3, 5, 17], [9, 5, 4], .init(rank: 1, padding: 2)),
    .init("1d, one channel", [3, 1, 17], [9, 1, 4], .init(rank: 1, stride: 2, padding: 2)),
    .init("1d, strided", [1, 16, 17], [8, 16, 5], .init(rank: 1, stride: 3, dilation: 2, padding: 1)),
    .init("1d, depthwise", [3, 16, 17], [16, 1, 5], .init(rank: 1, padding: 2, groups: 16)),
    .init("3d", [1, 3, 6, 7, 5], [8, 3, 3, 3, 3], .init(rank: 3, padding: 1)),
    .init("3d, strided, groups", [3, 8, 6, 7, 5], [8, 4, 3, 2, 3], .init(rank: 3, stride: 2, padding: 1, groups: 2)),
    .init("transposed", [1, 16, 7, 6], [16, 8, 3, 3], .init(rank: 2, padding: 1, isTransposed: true)),
    .init(
      "transposed, strided", [3, 6, 5, 4], [6, 7, 4, 4], .init(rank: 2, stride: 2, padding: 1, isTransposed: true)),
    .init(
      "transposed, output padding", [3, 8, 5, 4], [8, 3, 3, 3],
      .init(rank: 2, stride: 2, padding: 1, isTransposed: true, outputPadding: 1)),
    .init(
      "transposed, groups", [1, 8, 5, 4], [8, 3, 3, 3],
      .init(rank: 2, stride: 3, padding: 0, groups: 2, isTransposed: true, outputPadding: 2)),
    .init(
      "transposed, output padding up to the dilation", [1, 4, 5, 4], [4, 3, 3, 3],
      .init(rank: 2, stride: 1, dilation: 3, padding: 1, isTransposed: true, outputPadding: 2)),
    .init(
      "transposed, to a picture", [3, 16, 5, 4], [16, 3, 3, 3],
      .init(rank: 2, stride: 2, padding: 1, isTransposed: true, outputPadding: 1)),
    .init("transposed 1d", [3, 5, 9], [5, 4, 5], .init(rank: 1, stride: 2, dilation: 2, isTransposed: true)),
    .init(
      "transposed 3d", [1, 4, 3, 4, 2], [4, 5, 2, 3, 3],
      .init(rank: 3, stride: 2, padding: 1, isTransposed: true, outputPadding: 1)),
  ]

  /// Calls `body(input, weight, output)` with the positions of every product that the layer sums up.
  func forEachTerm(_ output: Shape, _ body: (Int, Int, Int) -> Void) {
    let (near, far) = geometry.isTransposed ? (output, input) : (input, output)
    let perGroup = weight[0] / geometry.groups
    for sample in 0..<input.batch {
      for tap in indices(weight.dimensions) {
        let (o, i) = (tap[0], tap[0] / perGroup * weight[1] + tap[1])
        for window in indices(far.spatial) {
          let spatial = window.indices.map {
            window[$0] * geometry.strides[$0] - geometry.paddingBegin[$0] + tap[$0 + 2] * geometry.dilations[$0]
          }
          guard zip(spatial, near.spatial).allSatisfy({ $0 >= 0 && $0 < $1 }) else { continue }
          let nearIndex = position([sample, i] + spatial, in: near)
          let farIndex = position([sample, o] + window, in: far)
          let tapIndex = position(tap, in: weight)
          if geometry.isTransposed { body(farIndex, tapIndex, nearIndex) } else { body(nearIndex, tapIndex, farIndex) }
        }
      }
    }
  }
}

@Suite struct ConvolutionOperatorTests {
  @Test(arguments: ConvolutionCase.all) func agreesWithLoops(_ example: ConvolutionCase) throws {
    var draw = Draw(7)
    let weight = draw.tensor(example.weight, layout: .rowMajor)
    let output = try example.geometry.outputShape(input: example.input, weight: example.weight)
    let bias = draw.tensor([output.channels])
    let (input, seed) = (draw.tensor(example.input), draw.tensor(output))
    let (x, w, s, b) = (input.doubles, weight.doubles, seed.doubles, bias.doubles)
    var linear = [Double](repeating: 0, count: output.count)
    var gradient = [Double](repeating: 0, count: example.input.count)
    example.forEachTerm(output) { i, k, o in
      linear[o] += w[k] * x[i]
      gradient[i] += w[k] * s[o]
    }
    let expected = linear.indices.map { linear[$0] + b[$0 / output.spatialCount % output.channels] }

    let biased = ConvolutionOperator(geometry: example.geometry, weight: weight, bias: bias)
    let plain = ConvolutionOperator(geometry: example.geometry, weight: weight, bias: nil)
    let found = try biased.forward(input)
    #expect(found.shape == output)
    #expect(relativeError(found, expected) < 2e-6)
    #expect(relativeError(try plain.forward(input), linear) < 2e-6)
    let foundGradient = try biased.vjp(seed, inputShape: example.input)
    #expect(foundGradient.shape == example.input)
    #expect(relativeError(foundGradient, gradient) < 2e-6)
    // ⟨J v, s⟩ = ⟨v, Jᵀ s⟩
    let (left, right) = (try plain.forward(input).dot(seed), input.dot(foundGradient))
    #expect(abs(left - right) <= 1e-5 * max(1, abs(left)))
    // Row-major inputs are accepted too, and a second call uses what the first one made.
    #expect(relativeError(try biased.forward(input.converted(to: .rowMajor)), expected) < 2e-6)
  }

  @Test func oneOperatorServesManyShapes() throws {
    var draw = Draw(3)
    let weight = draw.tensor([8, 4, 3, 3], layout: .rowMajor)
    let shared = ConvolutionOperator(geometry: .init(rank: 2, padding: 1), weight: weight, bias: nil)
    for extent in (4..<20).map({ $0 }) + [4, 5] {
      let input = draw.tensor([1 + extent % 3, 4, extent, 5])
      let fresh = ConvolutionOperator(geometry: .init(rank: 2, padding: 1), weight: weight, bias: nil)
      let (found, expected) = (try shared.forward(input), try fresh.forward(input))
      #expect(relativeError(found, expected.doubles) < 1e-6)
    }
  }

  @Test func runsOnSeveralThreads() async throws {
    var draw = Draw(5)
    let layer = ConvolutionOperator(
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

  @Test func spreadsNaN() throws {
    var draw = Draw(11)
    let layer = ConvolutionOperator(
      geometry: .init(rank: 2, padding: 1), weight: draw.tensor([4, 2, 3, 3], layout: .rowMajor), bias: nil)
    var elements = draw.tensor([1, 2, 5, 5]).rowMajorElements()
    elements[12] = .nan
    let output = try layer.forward(Tensor([1, 2, 5, 5], rowMajor: elements)).rowMajorElements()
    #expect(output[12].isNaN && output[6].isNaN && !output[4].isNaN)
  }

  @Test func emptyBatch() throws {
    let layer = ConvolutionOperator(
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
    let layer = ConvolutionOperator(geometry: geometry, weight: .zeros(weight, layout: .rowMajor), bias: nil)
    #expect(throws: ComputeError.self) { try layer.forward(.zeros(input)) }
  }

  @Test func reportsWrongSeedAndBias() throws {
    let weight = Tensor.zeros([4, 2, 3, 3], layout: .rowMajor)
    let layer = ConvolutionOperator(geometry: .init(rank: 2), weight: weight, bias: nil)
    #expect(throws: ComputeError.self) { try layer.vjp(.zeros([1, 4, 8, 8]), inputShape: [1, 2, 8, 8]) }
    let biased = ConvolutionOperator(geometry: .init(rank: 2), weight: weight, bias: .zeros([3]))
    let error = #expect(throws: ComputeError.self) { try biased.forward(.zeros([1, 2, 8, 8])) }
    #expect(error?.description.contains("a bias of 4 numbers") == true)
  }
}
