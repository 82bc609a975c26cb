import Heatmaps
import Tensors
import Testing

struct ImgifyTests {
  struct Fixture: Decodable, Sendable, CustomTestStringConvertible {
    struct Bound: Decodable, Sendable {
      let shape: [Int]
      let array: Blob
    }
    let shape: [Int]
    let isBytes: Bool
    let array: Blob
    let grid: [Int]
    let hasGrid: Bool
    let symmetric: Bool
    let cmap: String
    let level: Double
    let gridfill: UInt8?
    let vmin: Double?
    let vmax: Double?
    let vmaxArray: Bound?
    let mode: String
    let width: Int
    let height: Int
    let pixels: Blob
    let palette: Blob

    var testDescription: String {
      "\(shape)\(isBytes ? " bytes" : "")\(hasGrid ? " grid \(grid)" : "")\(symmetric ? " symmetric" : "")"
    }

    func options() throws -> ImageOptions {
      ImageOptions(
        norm: symmetric ? .symmetric : .unaligned, minimum: vmin.map { .value($0) },
        maximum: vmax.map { .value($0) }
          ?? vmaxArray.map { .array(Tensor(Shape($0.shape), rowMajor: $0.array.floats)) },
        colorMap: try ColorMap(cmap), level: level,
        grid: !hasGrid ? nil : grid.isEmpty ? .square : .shape(rows: grid[0], columns: grid[1]),
        gridFill: gridfill.map { [$0] })
    }
  }

  @Test("Pictures equal the reference's, byte for byte", arguments: Golden.load("imgify.json", as: [Fixture].self))
  func golden(_ expected: Fixture) throws {
    let shape = Shape(expected.shape)
    let image =
      expected.isBytes
      ? try imgify(bytes: expected.array.bytes, shape: shape, expected.options())
      : try imgify(Tensor(shape, rowMajor: expected.array.floats), expected.options())
    #expect(image.width == expected.width)
    #expect(image.height == expected.height)
    switch image.pixels {
    case .indexed(let bytes, let palette):
      #expect(expected.mode == "P")
      #expect(bytes == expected.pixels.bytes)
      #expect(palette.flatMap { [$0.red, $0.green, $0.blue] } == expected.palette.bytes)
    case .rgb(let bytes):
      #expect(expected.mode == "RGB")
      #expect(bytes == expected.pixels.bytes)
    case .gray: Issue.record("a grey picture")
    }
  }

  @Test(
    "Shapes that are no pictures are refused",
    arguments: [[], [4], [2, 4, 4], [4, 4, 2], [1, 3, 4, 4], [0, 4], [3, 0, 4]])
  func wrongShape(_ shape: [Int]) throws {
    let options = ImageOptions(colorMap: try ColorMap("bwr"))
    #expect(throws: HeatmapError.self) { try imgify(.zeros(Shape(shape)), options) }
  }

  @Test("Shapes that are no batches are refused", arguments: [[4, 4], [1, 2, 4, 5], [0, 4, 4], [1, 1, 4, 4, 1]])
  func wrongBatch(_ shape: [Int]) throws {
    let options = ImageOptions(colorMap: try ColorMap("bwr"), grid: .square)
    #expect(throws: HeatmapError.self) { try imgify(.zeros(Shape(shape)), options) }
  }

  @Test("A lower bound may be an array, at which the reference stops")
  func lowerArray() throws {
    let batch = Tensor([2, 1, 2], rowMajor: [0, 1, 10, 11])
    var options = ImageOptions(colorMap: try ColorMap("gray"), grid: .shape(rows: 1, columns: 2))
    options.minimum = .array(Tensor([2, 1, 1], rowMajor: [0, 9]))
    options.maximum = .array(Tensor([2, 1, 1], rowMajor: [1, 11]))
    guard case .indexed(let bytes, _) = try imgify(batch, options).pixels else {
      Issue.record("no palette")
      return
    }
    #expect(bytes == [0, 255, 127, 255])
    options.minimum = .array(Tensor([3, 1, 1], rowMajor: [0, 0, 0]))
    #expect(throws: HeatmapError.self) { try imgify(batch, options) }
  }

  @Test("The absolute norm shows amounts")
  func absolute() throws {
    let options = ImageOptions(norm: .absolute, colorMap: try ColorMap("hot"))
    guard case .indexed(let bytes, _) = try imgify(Tensor([1, 3], rowMajor: [-4, 0, 2]), options).pixels else {
      Issue.record("no palette")
      return
    }
    #expect(bytes == [255, 0, 127])
  }

  @Test("Bytes must be as many as the shape says")
  func byteCount() throws {
    let options = ImageOptions(colorMap: try ColorMap("bwr"))
    #expect(throws: HeatmapError.self) { try imgify(bytes: [1, 2, 3], shape: [2, 2], options) }
    #expect(throws: HeatmapError.self) { try gridify(bytes: [1, 2, 3], shape: [1, 2, 2]) }
  }
}
