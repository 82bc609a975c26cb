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
    let result: Blob
    let pixels: Blob
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
    let input = Tensor(Shape(expected.shape), rowMajor: expected.array.floats)
    let result = try intervalNormalized(input, norm: norm)
    #expect(result.rowMajorElements() == expected.result.floats)
    let options = ImageOptions(minimum: 0, maximum: 1, colorMap: try ColorMap("coldnhot"))
    var pixels: [UInt8] = []
    for sample in 0..<4 {
      let plane = result.sample(sample).viewed(as: Shape(Array(expected.shape.dropFirst())))
      guard case .indexed(let bytes, _) = try imgify(plane, options).pixels else { continue }
      pixels += bytes
    }
    #expect(pixels == expected.pixels.bytes)
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
