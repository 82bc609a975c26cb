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
    #expect(try ImageOptions().colorMap == ColorMap("bwr"))
    #expect(try ColorMap.bwr.table == ColorMap("bwr").table)
    let options = ImageOptions(norm: .absolute, colorMap: try ColorMap("hot"))
    guard case .indexed(let bytes, _) = try imgify(Tensor([1, 3], rowMajor: [-4, 0, 2]), options).pixels else {
      Issue.record("no palette")
      return
    }
    #expect(bytes == [255, 0, 127])
  }

  struct Container: Sendable, CustomTestStringConvertible {
    let isGrid: Bool
    let channels: Int
    let isChannelFirst: Bool
    let width: Int
    let height: Int
    let isBytes: Bool
    var testDescription: String { "\(shape)\(isBytes ? " bytes" : "")\(isGrid ? " grid" : "")" }
    var shape: Shape {
      Shape((isGrid ? [1] : []) + (isChannelFirst ? [channels, height, width] : [height, width, channels]))
    }

    func image(_ grid: ImageGrid?) throws -> RasterImage {
      var options = ImageOptions(colorMap: try ColorMap("bwr"))
      options.grid = grid
      return isBytes
        ? try imgify(bytes: [UInt8](repeating: 1, count: shape.count), shape: shape, options)
        : try imgify(Tensor(shape, filledWith: 1), options)
    }
  }

  static let containers: [Container] = {
    var made: [Container] = []
    for isGrid in [false, true] {
      for channels in [1, 3] {
        for isChannelFirst in [false, true] {
          for (width, height) in [(5, 5), (5, 10), (10, 5), (10, 10)] {
            for isBytes in [false, true] {
              made.append(
                Container(
                  isGrid: isGrid, channels: channels, isChannelFirst: isChannelFirst, width: width, height: height,
                  isBytes: isBytes))
            }
          }
        }
      }
    }
    return made
  }()

  @Test(
    "One channel makes a picture with a palette, three one in colour, whichever axis they are on", arguments: containers
  )
  func container(_ golden: Container) throws {
    let image = try golden.image(golden.isGrid ? .square : nil)
    #expect(image.width == golden.width && image.height == golden.height)
    switch image.pixels {
    case .indexed: #expect(golden.channels == 1)
    case .rgb: #expect(golden.channels == 3)
    case .gray: Issue.record("a grey picture")
    }
  }

  @Test(
    "Values are laid between the bounds, given or found", arguments: [nil, 1] as [Double?], [nil, 2] as [Double?])
  func normalization(minimum: Double?, maximum: Double?) throws {
    let values: [Double] = [-1, 0, 3]
    for isSymmetric in [false, true] {
      let options = ImageOptions(
        norm: isSymmetric ? .symmetric : .unaligned, minimum: minimum.map { .value($0) },
        maximum: maximum.map { .value($0) }, colorMap: try ColorMap("gray"))
      guard case .indexed(let bytes, _) = try imgify(Tensor([1, 3], rowMajor: [-1, 0, 3]), options).pixels else {
        Issue.record("no palette")
        return
      }
      let low = minimum ?? (isSymmetric ? -3 : -1)
      let high = maximum ?? 3
      #expect(bytes == values.map { UInt8(min(max(($0 - low) / (high - low) * 255, 0), 255)) })
    }
  }

  @Test("Bytes must be as many as the shape says")
  func byteCount() throws {
    let options = ImageOptions(colorMap: try ColorMap("bwr"))
    #expect(throws: HeatmapError.self) { try imgify(bytes: [1, 2, 3], shape: [2, 2], options) }
    #expect(throws: HeatmapError.self) { try gridify(bytes: [1, 2, 3], shape: [1, 2, 2]) }
  }
}
