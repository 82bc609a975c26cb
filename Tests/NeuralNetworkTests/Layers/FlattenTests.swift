import Compute
import NeuralNetwork
import NumericTesting
import Tensors
import Testing

@Suite struct FlattenTests {
  static let cases: [(Shape, Int, Int, Shape)] = [
    ([3, 4, 5, 6], 1, -1, [3, 120]), ([3, 4, 5, 6], 0, -1, [360]), ([3, 4, 5, 6], 2, 3, [3, 4, 30]),
    ([3, 4, 5, 6], 1, 2, [3, 20, 6]), ([1, 512, 1, 1], 1, -1, [1, 512]), ([2, 7], 1, -1, [2, 7]),
    ([1, 1, 5, 6], 1, -1, [1, 30]), ([2, 3, 4, 5, 6], 1, -1, [2, 360]),
  ]

  @Test(arguments: cases) func keepsRowMajorOrder(_ shape: Shape, _ first: Int, _ last: Int, _ output: Shape) throws {
    var draw = Draw(61)
    let (input, seed) = (draw.tensor(shape), draw.tensor(output))
    let layer = Flatten(first: first, last: last)
    let found = try layer.forward(input)
    #expect(found.shape == output)
    #expect(found.rowMajorElements() == input.rowMajorElements())
    let back = try layer.vjp(seed, inputShape: shape)
    #expect(back.shape == shape && back.layout == input.layout)
    #expect(back.rowMajorElements() == seed.rowMajorElements())
  }

  @Test func reportsWhatDoesNotFit() {
    #expect(throws: ComputeError.self) { try Flatten(first: 3).forward(.zeros([1, 2, 3])) }
    #expect(throws: ComputeError.self) { try Flatten(first: 2, last: 1).forward(.zeros([1, 2, 3])) }
    #expect(throws: ComputeError.self) { try Flatten().vjp(.zeros([1, 7]), inputShape: [1, 2, 3]) }
  }
}
