import Compute
import NeuralNetwork
import NumericTesting
import Tensors
import Testing

@Suite struct ConcatenationTests {
  static let cases: [([Shape], Int)] = [
    ([[2, 3, 4, 5], [2, 7, 4, 5], [2, 1, 4, 5]], 1), ([[2, 3, 4, 5], [2, 3, 2, 5]], 2),
    ([[2, 3, 4, 5], [2, 3, 4, 1]], -1), ([[2, 3, 4, 5], [1, 3, 4, 5]], 0), ([[2, 3], [2, 4]], 1),
    ([[1, 64, 16, 16], [1, 64, 16, 16]], 1),
    ([[2, 3, 4], [2, 3, 2]], 2),
  ]

  @Test(arguments: cases) func agreesWithLoops(_ shapes: [Shape], _ axis: Int) throws {
    var draw = Draw(71)
    let inputs = shapes.map { draw.tensor($0) }
    let layer = Concatenation(axis: axis)
    let output = try layer.outputShape(for: shapes)
    let found = try layer.forward(inputs)
    #expect(found.shape == output)
    let elements = found.rowMajorElements()
    let parts = try layer.vjp(found, inputs: shapes.map { .zeros($0) }, output: found)
    let index = axis < 0 ? axis + output.rank : axis
    var offset = 0
    for (input, part) in zip(inputs, parts) {
      for (place, value) in zip(indices(input.shape.dimensions), input.rowMajorElements()) {
        var shifted = place
        shifted[index] += offset
        #expect(elements[position(shifted, in: output)] == value)
      }
      offset += input.shape[index]
      #expect(part.shape == input.shape)
      #expect(part.rowMajorElements() == input.rowMajorElements())
    }
  }

  @Test func reportsWhatDoesNotFit() {
    #expect(throws: ComputeError.self) { try Concatenation().forward([Tensor]()) }
    #expect(throws: ComputeError.self) { try Concatenation().forward([.zeros([1, 2, 3]), .zeros([1, 2, 4])]) }
    #expect(throws: ComputeError.self) { try Concatenation().forward([.zeros([1, 2, 3]), .zeros([1, 2])]) }
    #expect(throws: ComputeError.self) { try Concatenation(axis: 4).forward([Tensor.zeros([1, 2, 3])]) }
  }
}
