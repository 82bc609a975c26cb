import Heatmaps
import Tensors
import Testing

struct GridifyTests {
  struct Fixture: Decodable, Sendable {
    let shape: [Int]
    let array: Blob
    let grid: [Int]
    let fill: Float?
    let fills: [Float]?
    let resultShape: [Int]
    let result: Blob

    var layout: ImageGrid { grid.isEmpty ? .square : .shape(rows: grid[0], columns: grid[1]) }
  }

  @Test("Sheets equal the reference's", arguments: Golden.load("gridify.json", as: [Fixture].self))
  func golden(_ expected: Fixture) throws {
    let batch = Tensor(Shape(expected.shape), rowMajor: expected.array.floats)
    let sheet = try gridify(batch, grid: expected.layout, fill: expected.fills ?? expected.fill.map { [$0] })
    #expect(sheet.shape == Shape(expected.resultShape))
    #expect(sheet.rowMajorElements() == expected.result.floats)
  }

  @Test("Bytes are laid out like numbers")
  func bytes() throws {
    let sheet = try gridify(bytes: [1, 2, 3, 4, 5, 6], shape: [3, 1, 2], grid: .shape(rows: 2, columns: 2), fill: [9])
    #expect(sheet.bytes == [1, 2, 3, 4, 5, 6, 9, 9])
    #expect(sheet.shape == [2, 4, 1])
  }

  @Test(
    "Grids that cannot be are refused", arguments: [(0, 1), (1, 0), (-2, -2), (1 << 40, 1 << 40), (1 << 20, 1 << 20)])
  func wrongGrid(_ rows: Int, _ columns: Int) {
    #expect(throws: HeatmapError.self) { try gridify(.zeros([2, 2, 2]), grid: .shape(rows: rows, columns: columns)) }
  }

  @Test(
    "Shapes that are no batches of pictures are refused",
    arguments: [[1], [1, 1], [1, 1, 1, 1, 1], [1, 1, 1, 1, 1, 1], [1, 2, 2, 2], [1, 2, 2, 4], [1, 4, 2, 2]])
  func wrongShape(_ shape: [Int]) {
    #expect(throws: HeatmapError.self) { try gridify(.zeros(Shape(shape))) }
  }

  @Test(
    "Four pictures make a square sheet, channels last",
    arguments: [
      ([4, 2, 2, 3], [4, 4, 3]), ([4, 2, 2, 1], [4, 4, 1]), ([4, 2, 2], [4, 4, 1]), ([4, 3, 2, 2], [4, 4, 3]),
      ([4, 1, 2, 2], [4, 4, 1]),
    ] as [([Int], [Int])])
  func shape(batch: [Int], sheet: [Int]) throws {
    #expect(try gridify(.zeros(Shape(batch))).shape == Shape(sheet))
  }

  @Test("Places without a picture are filled, with the minimum if nothing is said", arguments: [nil, 0] as [Float?])
  func fill(_ value: Float?) throws {
    let sheet = try gridify(
      Tensor([1, 1, 1, 1], rowMajor: [1]), grid: .shape(rows: 1, columns: 2), fill: value.map { [$0] })
    #expect(sheet.rowMajorElements() == [1, value ?? 1])
  }

  @Test("A fill is one value or one per channel")
  func wrongFill() {
    #expect(throws: HeatmapError.self) { try gridify(.zeros([3, 2, 2]), fill: [1, 2]) }
    #expect(throws: HeatmapError.self) { try gridify(.zeros([3, 3, 2, 2]), fill: []) }
  }
}
