import LRP
import NeuralNetwork
import Tensors
import Testing

/// What is put in at the output, on the identity, where it arrives as it is.
struct OutputRelevanceTests {
  static let shapes: [[Int]] = [[16], [4], [4, 4], [4, 4, 4]]

  @Test("the output itself, ones, constants and functions of the output arrive as they are", arguments: shapes)
  func outputs(shape: [Int]) throws {
    let gradient = try Gradient(TestNetworks.single(Identity()))
    let input = Tensor.random(Shape([4] + shape), seed: 1)
    func relevance(_ output: OutputRelevance) throws -> Tensor { try gradient.attribute(input, output).relevance }
    #expect(try relevance(.output).isIdentical(to: input))
    #expect(try relevance(.function { $0 }).isIdentical(to: input))
    let ones = Tensor(input.shape, filledWith: 1)
    #expect(try relevance(.tensor(ones)).isIdentical(to: ones))
    #expect(try relevance(.function { $0.map { _ in 1 } }).isIdentical(to: ones))
    guard shape.count == 1 else { return }
    // The strongest class of each sample, by a loop.
    let elements = input.rowMajorElements()
    let size = shape[0]
    let largest = (0..<4).map { sample in
      (0..<size).max { elements[sample * size + $0] < elements[sample * size + $1] } ?? 0
    }
    let onehot = Tensor(input.shape, rowMajor: elements.indices.map { $0 % size == largest[$0 / size] ? 1 : 0 })
    #expect(try relevance(.one(.top1)).isIdentical(to: onehot))
    #expect(try relevance(.one(.indices(largest))).isIdentical(to: onehot))
    #expect(try relevance(.logit(.top1)).isIdentical(to: onehot * input))
  }
}
