import Compute
import NeuralNetwork
import NumericTesting
import Tensors
import Testing

@Suite struct PartialSumsTests {
  /// Bounds: what the rounding of as many terms as are summed in one go leaves, with a margin.
  @Test(
    "sums of thousands of terms keep their accuracy",
    arguments: [128, 256, 512], [(extents: [5, 6], bound: 2.2e-7), ([11, 10], 4e-7)])
  func accuracy(channels: Int, picture: (extents: [Int], bound: Double)) throws {
    var draw = Draw(channels)
    let weight = draw.tensor([32, channels, 3, 3], layout: .rowMajor)
    let bias = draw.tensor([32])
    let input = draw.tensor(Shape([1, channels] + picture.extents)).positivePart
    let operation = try Convolution(geometry: .init(rank: 2), weight: weight, bias: bias)
    let found = try operation.forward(input)
    let (height, width) = (picture.extents[0], picture.extents[1])
    #expect(found.shape == [1, 32, height - 2, width - 2])
    let (x, w, b) = (input.doubles, weight.doubles, bias.doubles)
    let expected = indices([32, height - 2, width - 2]).map { at in
      indices([channels, 3, 3]).reduce(b[at[0]]) { sum, k in
        sum + w[((at[0] * channels + k[0]) * 3 + k[1]) * 3 + k[2]]
          * x[(k[0] * height + at[1] + k[1]) * width + at[2] + k[2]]
      }
    }
    #expect(relativeError(found, expected) < picture.bound)
  }
}
