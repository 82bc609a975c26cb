import NeuralNetwork
import Tensors
import Testing

struct SelectionTests {
  /// Rows in any order, twice, and constants.
  @Test func rows() throws {
    let input = Tensor([2, 2, 3], rowMajor: (0..<12).map { Float($0) })
    let layer = try Selection(.gather, rows: [1: [1, -1, 1], 2: [2, 0]], of: [1, 2, 3], filling: 0.5)
    let output = try layer.forward([input])
    #expect(output.shape == [2, 3, 2])
    let rows: [Float] = [5, 3, 0.5, 0.5, 5, 3, 11, 9, 0.5, 0.5, 11, 9]
    #expect(output.rowMajorElements() == rows)
    let seed = Tensor(output.shape, rowMajor: (1...12).map { Float($0) })
    let gradient = try layer.vjp(seed, inputs: [input], output: output)[0]
    let expected: [Float] = [0, 0, 0, 8, 0, 6, 0, 0, 0, 20, 0, 18]
    #expect(gradient.rowMajorElements() == expected)
    #expect(layer.summary == "Gather 3 of 2 along axis 1, 2 of 3 along axis 2")
  }

  @Test func wrongRows() {
    for rows in [[0: [0]], [1: [2]], [1: [-2]], [1: []], [3: [0]]] {
      #expect(throws: LayerError.self) { try Selection(.gather, rows: rows, of: [1, 2, 3]) }
    }
    #expect(throws: LayerError.self) {
      try Selection(.gather, rows: [1: [0]], of: [1, 2, 3]).outputShape(for: [[1, 2, 4]])
    }
  }
}
