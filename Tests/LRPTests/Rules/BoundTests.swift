import LRP
import NeuralNetwork
import Tensors
import Testing

/// Bounds of ZBox are expanded to the input: numbers, per channel, or tensors with axes of extent 1 or missing.
struct BoundTests {
  private static func relevance(_ low: Bound, _ shape: Shape) throws -> Tensor {
    let network = try TestNetworks.single(FullyConnected(weight: .random([3, shape[shape.rank - 1]], seed: 1)))
    let composite = NameMapComposite(nameMap: [NameMapEntry(["layer"], ZBox(low: low, high: 2, stabilizer: 0.1))])
    return try Gradient(network, composite: composite).attribute(.random(shape, seed: 2), .output).relevance
  }

  @Test(
    "tensors are expanded to the input's shape",
    arguments: [
      ([1], [2, 2]), ([2], [2, 2, 2]), ([1, 2], [2, 2, 2]), ([2, 1, 2], [2, 2, 2]), ([3, 1, 2], [2, 2, 2]),
      ([1, 1, 1], [2, 2, 2]), ([4, 5], [4, 5]),
    ] as [([Int], [Int])])
  func shapes(from: [Int], to: [Int]) throws {
    let bound = Tensor.random(Shape(from), seed: 3, scale: 0.5, offset: -1.5)
    // Missing axes come last; of a larger batch the first samples are taken.
    let strides = from.indices.map { axis in from[(axis + 1)...].reduce(1, *) }
    let elements = bound.rowMajorElements()
    let expanded = (0..<to.reduce(1, *)).map { flat -> Float in
      var position = 0
      for axis in from.indices where from[axis] > 1 {
        position += flat / to[(axis + 1)...].reduce(1, *) % to[axis] * strides[axis]
      }
      return elements[position]
    }
    let whole = Tensor(Shape(to), rowMajor: expanded)
    let found = try Self.relevance(.tensor(bound), Shape(to))
    #expect(try found.isIdentical(to: Self.relevance(.tensor(whole), Shape(to))))
  }

  @Test("a number, the same number per channel and a tensor of it are the same")
  func numbers() throws {
    let number = try Self.relevance(.scalar(-1.5), [2, 4])
    #expect(try Self.relevance(.perChannel([-1.5, -1.5, -1.5, -1.5]), [2, 4]).isIdentical(to: number))
    #expect(try Self.relevance(.tensor(Tensor([1], rowMajor: [-1.5])), [2, 4]).isIdentical(to: number))
    #expect(try Self.relevance(.perChannel([-1.5]), [2, 4]).isIdentical(to: number))
  }

  @Test(
    "shapes that do not fit are errors that name both",
    arguments: [([2], [3, 4]), ([3], [2, 2, 2]), ([2, 3], [2, 2]), ([1, 1, 1], [2, 2])] as [([Int], [Int])])
  func invalid(from: [Int], to: [Int]) throws {
    let error = #expect(throws: LRPError.self) { _ = try Self.relevance(.tensor(.zeros(Shape(from))), Shape(to)) }
    #expect(error.map { "\($0)".contains("\(Shape(from))") && "\($0)".contains("\(Shape(to))") } == true)
  }
}
