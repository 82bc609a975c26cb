import Compute
import NeuralNetwork
import NumericTesting
import Tensors
import Testing

@Suite struct PaddingTests {
  /// The row an output row is read from, by definition of the mode; `nil` for the constant.
  private func source(_ index: Int, _ extent: Int, _ mode: Padding.Mode) -> Int? {
    if (0..<extent).contains(index) { return index }
    switch mode {
    case .constant: return nil
    case .replicate: return min(max(index, 0), extent - 1)
    case .reflect: return index < 0 ? -index : 2 * extent - 2 - index
    case .circular: return index < 0 ? index + extent : index - extent
    }
  }

  static let shapes: [(Shape, [Int], [Int])] = [
    ([1, 3, 4, 5], [1, 2], [3, 0]), ([3, 20, 4, 5], [0, 3], [2, 4]), ([3, 2, 6], [2], [3]),
    ([1, 2, 3, 4, 5], [1, 0, 2], [2, 1, 1]), ([1, 3, 6, 7], [-1, 2], [-2, -3]),
  ]
  static let modes: [Padding.Mode] = [.constant(0), .constant(2.5), .reflect, .replicate, .circular]

  @Test(arguments: shapes, modes)
  func agreesWithLoops(_ example: (Shape, [Int], [Int]), _ mode: Padding.Mode) throws {
    let (shape, begin, end) = example
    var draw = Draw(51)
    let input = draw.tensor(shape)
    let output = Shape([shape[0], shape[1]] + begin.indices.map { shape[$0 + 2] + begin[$0] + end[$0] })
    let seed = draw.tensor(output)
    let (x, s) = (input.doubles, seed.doubles)
    var constant = 0.0
    if case .constant(let value) = mode { constant = Double(value) }
    var gradient = [Double](repeating: 0, count: x.count)
    let expected = indices(output.dimensions).enumerated().map { place, index in
      let spots = begin.indices.map { source(index[$0 + 2] - begin[$0], shape[$0 + 2], mode) }
      guard !spots.contains(nil) else { return constant }
      let from = position([index[0], index[1]] + spots.compactMap { $0 }, in: shape)
      gradient[from] += s[place]
      return x[from]
    }
    let layer = Padding(mode, begin: begin, end: end)
    #expect(try layer.forward(input).shape == output)
    #expect(relativeError(try layer.forward(input), expected) == 0)
    #expect(relativeError(try layer.vjp(seed, inputShape: shape), gradient) < 1e-6)
  }

  @Test func reportsWhatDoesNotFit() {
    let input = Tensor.zeros([1, 2, 4, 4])
    for layer in [
      Padding(begin: [1], end: [1]), .init(begin: [1, 1], end: [1]), .init(begin: [-4, 0], end: [0, 0]),
      .init(begin: [-2, 0], end: [-2, 0]), .init(.reflect, begin: [4, 0], end: [0, 0]),
      .init(.circular, begin: [0, 5], end: [0, 0]), .init(begin: [.max, 0], end: [0, 0]),
    ] {
      #expect(throws: ComputeError.self) { try layer.forward(input) }
    }
    #expect(throws: ComputeError.self) {
      try Padding(begin: [1, 1], end: [1, 1]).vjp(input, inputShape: [1, 2, 4, 4])
    }
  }
}
