import Compute
import NeuralNetwork
import NumericTesting
import Tensors
import Testing

@Suite struct UpsampleTests {
  /// Weights of its own for each position, drawn at random.
  private func axis(_ input: Int, _ output: Int, _ draw: inout Draw) throws -> Upsample.Axis {
    try Upsample.Axis(
      input: input,
      taps: (0..<output).map { position in
        (0...position % 3).map { _ in .init(index: Int(draw.next() % UInt64(input)), weight: draw.uniform()) }
      })
  }

  @Test(
    arguments: [
      ([1, 3, 4, 5], [6, 2]), ([3, 20, 4, 5], [4, 9]), ([3, 2, 6], [11]), ([2, 2, 3, 4, 5], [2, 7, 5]),
    ] as [(Shape, [Int])])
  func agreesWithLoops(_ shape: Shape, _ extents: [Int]) throws {
    var draw = Draw(61)
    let axes = try extents.indices.map { try axis(shape[$0 + 2], extents[$0], &draw) }
    let layer = Upsample(axes)
    let input = draw.tensor(shape)
    let output = Shape([shape[0], shape[1]] + extents)
    #expect(try layer.outputShape(input: shape) == output)
    // The weight between two positions is the product of those along the axes.
    let from = indices(shape.dimensions)
    let x = input.doubles
    let expected = indices(output.dimensions).map { to in
      from.indices.reduce(0.0) { sum, place in
        guard from[place][0] == to[0], from[place][1] == to[1] else { return sum }
        let weight = axes.indices.reduce(1.0) { product, axis in
          product
            * axes[axis].taps[to[axis + 2]].reduce(0.0) {
              $0 + ($1.index == from[place][axis + 2] ? Double($1.weight) : 0)
            }
        }
        return sum + weight * x[place]
      }
    }
    #expect(try relativeError(layer.forward(input), expected) < 1e-6)
    #expect(try relativeError(layer.forward(input.converted(to: .rowMajor)), expected) < 1e-6)
    // ⟨f(x), s⟩ = ⟨x, Jᵀ s⟩
    let seed = draw.tensor(output)
    let (left, right) = try (layer.forward(input).dot(seed), input.dot(layer.vjp(seed, inputShape: shape)))
    #expect(abs(left - right) < 1e-5 * max(1, abs(left)))
  }

  @Test func positionsBeyondTheInputAreRefused() {
    #expect(throws: ComputeError.self) { try Upsample.Axis(input: 3, taps: [[.init(index: 3, weight: 1)]]) }
    #expect(throws: ComputeError.self) { try Upsample.Axis(input: 3, taps: [[.init(index: -1, weight: 1)]]) }
  }
}
