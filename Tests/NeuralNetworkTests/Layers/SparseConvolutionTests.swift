import Compute
import NeuralNetwork
import NumericTesting
import Tensors
import Testing

/// Convolutions of inputs with zeros, which are left out, against loops.
@Suite struct SparseConvolutionTests {
  /// The tensor with most elements set to zero.
  private func thinned(_ tensor: Tensor, _ draw: inout Draw, keeping share: Float) -> Tensor {
    let mask = draw.tensor(tensor.shape)
    return tensor.map(with: mask) { abs($1) < share ? $0 : 0 }
  }

  @Test(arguments: ConvolutionCase.wide, [0.5, 0.1] as [Float])
  func agreesWithLoops(_ example: ConvolutionCase, _ share: Float) throws {
    var draw = Draw(17)
    let weight = draw.tensor(example.weight, layout: .rowMajor)
    let output = try example.geometry.outputShape(input: example.input, weight: example.weight)
    let bias = draw.tensor([output.channels])
    let input = thinned(draw.tensor(example.input), &draw, keeping: share)
    let seed = thinned(draw.tensor(output), &draw, keeping: share)
    // Few enough for the sparse way, where the processor has it.
    #expect(input.sampledDensity < 0.6 && seed.sampledDensity < 0.6)
    let expected = example.expected(input: input, weight: weight, bias: bias, seed: seed)
    let biased = try Convolution(geometry: example.geometry, weight: weight, bias: bias)
    let plain = try Convolution(geometry: example.geometry, weight: weight, bias: nil)
    #expect(relativeError(try biased.forward(input), expected.biased) < 4e-7)
    #expect(relativeError(try plain.forward(input), expected.linear) < 4e-7)
    let found = try biased.vjp(seed, inputShape: example.input)
    #expect(found.shape == example.input)
    #expect(relativeError(found, expected.gradient) < 4e-7)
  }

  /// Zero times infinity is not zero: then nothing may be left out.
  @Test func weightsThatAreNotFiniteAreMultipliedWithZeros() throws {
    var draw = Draw(4)
    var weight = draw.tensor([64, 64, 1, 1], layout: .rowMajor)
    weight.withUnsafeMutableBufferPointer { $0[5 * 64 + 9] = .infinity }
    let layer = try Convolution(geometry: .init(rank: 2), weight: weight, bias: nil)
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
