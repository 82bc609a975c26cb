import Compute
import Tensors
import Testing

/// Convolutions of inputs with zeros, which are left out, against loops.
@Suite struct SparseConvolutionTests {
  static let cases: [ConvolutionCase] = [
    .init("3x3", [1, 64, 9, 7], [64, 64, 3, 3], .init(rank: 2, padding: 1)),
    .init("3x3, batch 3, runs of channels left over", [3, 80, 5, 6], [144, 80, 3, 3], .init(rank: 2, padding: 1)),
    .init("3x3, without padding", [2, 64, 6, 9], [80, 64, 3, 3], .init(rank: 2)),
    .init("3x3, one row", [1, 64, 1, 9], [64, 64, 3, 3], .init(rank: 2, padding: 1)),
    .init("3x3, one column", [2, 64, 9, 1], [64, 64, 3, 3], .init(rank: 2, padding: 2)),
    .init(
      "3x3, uneven padding", [1, 96, 7, 8], [64, 96, 3, 3],
      .init(strides: [1, 1], dilations: [1, 1], paddingBegin: [0, 2], paddingEnd: [2, 1])),
    .init("1x1", [3, 72, 11, 10], [208, 72, 1, 1], .init(rank: 2)),
    .init("1x1, many positions", [1, 64, 40, 40], [128, 64, 1, 1], .init(rank: 2)),
    .init(
      "5x1", [1, 64, 8, 5], [64, 64, 5, 1],
      .init(strides: [1, 1], dilations: [1, 1], paddingBegin: [2, 0], paddingEnd: [1, 0])),
    .init("1d", [2, 64, 17], [112, 64, 3], .init(rank: 1, padding: 1)),
    .init("transposed", [1, 64, 7, 6], [64, 64, 3, 3], .init(rank: 2, padding: 1, isTransposed: true)),
  ]

  /// The tensor with most elements set to zero.
  private func thinned(_ tensor: Tensor, _ draw: inout Draw, keeping share: Float) -> Tensor {
    let mask = draw.tensor(tensor.shape)
    return tensor.map(with: mask) { abs($1) < share ? $0 : 0 }
  }

  @Test(arguments: cases, [0.5, 0.1] as [Float]) func agreesWithLoops(_ example: ConvolutionCase, _ share: Float) throws
  {
    var draw = Draw(17)
    let weight = draw.tensor(example.weight, layout: .rowMajor)
    let output = try example.geometry.outputShape(input: example.input, weight: example.weight)
    let bias = draw.tensor([output.channels])
    let input = thinned(draw.tensor(example.input), &draw, keeping: share)
    let seed = thinned(draw.tensor(output), &draw, keeping: share)
    // Few enough for the sparse way, where the processor has it.
    #expect(input.sampledDensity < 0.6 && seed.sampledDensity < 0.6)
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
    #expect(relativeError(try biased.forward(input), expected) < 4e-7)
    #expect(relativeError(try plain.forward(input), linear) < 4e-7)
    let found = try biased.vjp(seed, inputShape: example.input)
    #expect(found.shape == example.input)
    #expect(relativeError(found, gradient) < 4e-7)
  }

  @Test func spreadsNaNAndLeavesOutNothingElse() throws {
    var draw = Draw(3)
    let weight = draw.tensor([64, 64, 3, 3], layout: .rowMajor)
    let layer = ConvolutionOperator(geometry: .init(rank: 2, padding: 1), weight: weight, bias: nil)
    var elements = [Float](repeating: 0, count: 64 * 25)
    elements[7 * 25 + 12] = .nan
    let output = try layer.forward(Tensor([1, 64, 5, 5], rowMajor: elements)).rowMajorElements()
    for (index, value) in output.enumerated() {
      let (row, column) = (index % 25 / 5, index % 5)
      #expect(value.isNaN == ((1...3).contains(row) && (1...3).contains(column)), "\(index)")
    }
  }

  /// Zero times infinity is not zero: then nothing may be left out.
  @Test func weightsThatAreNotFiniteAreMultipliedWithZeros() throws {
    var draw = Draw(4)
    var weight = draw.tensor([64, 64, 1, 1], layout: .rowMajor)
    weight.withUnsafeMutableBufferPointer { $0[5 * 64 + 9] = .infinity }
    let layer = ConvolutionOperator(geometry: .init(rank: 2), weight: weight, bias: nil)
    let output = try layer.forward(.zeros([1, 64, 4, 4])).rowMajorElements()
    #expect(output[5 * 16..<6 * 16].allSatisfy(\.isNaN) && output[..<80].allSatisfy { $0 == 0 })
  }

  @Test func densityIsEstimated() {
    var draw = Draw(5)
    let tensor = draw.tensor([1, 64, 50, 50])
    #expect(tensor.sampledDensity == 1 && Tensor.zeros([1, 64, 50, 50]).sampledDensity == 0)
    #expect(abs(tensor.positivePart.sampledDensity - 0.5) < 0.05)
    #expect(Tensor([1, 3], rowMajor: [0, 0, 0]).sampledDensity == 1)
  }
}
