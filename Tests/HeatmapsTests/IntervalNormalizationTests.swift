import Heatmaps
import Tensors
import Testing

struct IntervalNormalizationTests {
  struct Bounds: Decodable, Sendable {
    let shape: [Int]
    let array: Blob
    let dim: [Int]?
    let symmetric: Bool
    let resultShape: [Int]
    let minimum: Blob
    let maximum: Blob
  }

  struct Norm: Decodable, Sendable {
    let norm: String
    let shape: [Int]
    let array: Blob
    let pixels: Blob
  }

  @Test(
    "Bounds of a ramp, per sample or of all, as they are or symmetric", arguments: [false, true],
    [nil, [1, 2, 3], [0, 1, 2, 3]])
  func table(isSymmetric: Bool, axes: [Int]?) throws {
    let ramp = Tensor([2, 1, 5, 1], rowMajor: (0..<10).map { -1 + 0.2 * Float($0) })
    let bounds = try intervalNormBounds(ramp, norm: isSymmetric ? .symmetric : .unaligned, axes: axes)
    let expected: (low: [Float], high: [Float]) =
      switch (isSymmetric, axes?.count) {
      case (false, 4): ([-1], [0.8])
      case (false, _): ([-1, 0], [-0.2, 0.8])
      case (true, 4): ([-1], [1])
      case (true, _): ([-1, -0.8], [1, 0.8])
      }
    for (found, expected) in [(bounds.minimum, expected.low), (bounds.maximum, expected.high)] {
      #expect(found.shape == [expected.count, 1, 1, 1])
      for (found, expected) in zip(found.rowMajorElements(), expected) { #expect(abs(found - expected) < 1e-6) }
    }
  }

  @Test("Bounds equal the reference's", arguments: Golden.load("bounds.json", as: [Bounds].self))
  func bounds(_ expected: Bounds) throws {
    for layout in [Tensor.Layout.channelsLast, .rowMajor] {
      let input = Tensor(Shape(expected.shape), rowMajor: expected.array.floats, layout: layout)
      let norm: RelevanceNorm = expected.symmetric ? .symmetric : .unaligned
      let bounds = try intervalNormBounds(input, norm: norm, axes: expected.dim)
      #expect(bounds.minimum.shape == Shape(expected.resultShape))
      #expect(bounds.maximum.shape == Shape(expected.resultShape))
      #expect(bounds.minimum.rowMajorElements() == expected.minimum.floats)
      #expect(bounds.maximum.rowMajorElements() == expected.maximum.floats)
    }
  }

  @Test(
    "The three norms equal those of the reference's example program",
    arguments: Golden.load("norms.json", as: [Norm].self))
  func norms(_ expected: Norm) throws {
    let norm = try #require(RelevanceNorm(rawValue: expected.norm))
    let input = Tensor(Shape(expected.shape), rowMajor: expected.array.floats, layout: .rowMajor)
    let options = ImageOptions(norm: norm, colorMap: try ColorMap("coldnhot"))
    var pixels: [UInt8] = []
    for sample in 0..<4 {
      let plane = input.sample(sample).viewed(as: Shape(Array(expected.shape.dropFirst())))
      guard case .indexed(let bytes, _) = try imgify(plane, options).pixels else { continue }
      pixels += bytes
    }
    #expect(zip(pixels, expected.pixels.bytes).allSatisfy { $0 == $1 } && pixels.count == expected.pixels.bytes.count)
  }

  @Test("Absolute bounds run from 0 to the largest amount")
  func absolute() throws {
    let bounds = try intervalNormBounds(Tensor([1, 3], rowMajor: [1, -4, 2]), norm: .absolute)
    #expect(bounds.minimum.rowMajorElements() == [0])
    #expect(bounds.maximum.rowMajorElements() == [4])
  }

  @Test("NaN makes its own bounds NaN, wherever it stands", arguments: [0, 1, 2])
  func notANumber(_ place: Int) throws {
    var values: [Float] = [1, 2, 3, 4, 5, 6]
    values[place] = .nan
    let bounds = try intervalNormBounds(Tensor([2, 3], rowMajor: values))
    #expect(bounds.minimum.rowMajorElements()[0].isNaN)
    #expect(bounds.maximum.rowMajorElements()[0].isNaN)
    #expect(bounds.minimum.rowMajorElements()[1] == 4)
  }

  @Test("Axes that are not there, or twice, are refused", arguments: [[2], [-3], [0, 0], [1, -1]])
  func wrongAxes(_ axes: [Int]) {
    #expect(throws: HeatmapError.self) { try intervalNormBounds(.zeros([2, 3]), axes: axes) }
    #expect(throws: HeatmapError.self) { try intervalNormBounds(.zeros([2, 0])) }
  }
}
