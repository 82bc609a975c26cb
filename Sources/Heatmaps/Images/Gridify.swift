import Tensors

/// How the pictures of a batch are laid out on one sheet, row by row.
public enum ImageGrid: Hashable, Sendable {
  /// As nearly square as can be: ⌊√N⌋ columns and as many rows as are needed.
  case square
  /// This many rows and columns; pictures that find no place are left out.
  case shape(rows: Int, columns: Int)
}

/// Lays the pictures of a batch out on one sheet: zennit's `gridify`.
///
/// - Parameters:
///   - batch: `(N, H, W)`, `(N, H, W, C)` or `(N, C, H, W)` with 1 or 3 channels.
///   - fill: the value of places without a picture, one for all or one per channel; the smallest of each channel if `nil`.
/// - Returns: `(rows * H, columns * W, C)`.
/// - Throws: ``HeatmapError/shape(_:expected:)``, ``HeatmapError/argument(name:found:expected:)``.
public func gridify(
  _ batch: Tensor, grid: ImageGrid = .square, fill: [Float]? = nil
) throws(HeatmapError) -> Tensor {
  let array = try ChannelsLastArray(batch: batch.rowMajorElements(), shape: batch.shape)
  let sheet = try array.sheet(grid, fill: fill)
  return Tensor([sheet.height, sheet.width, sheet.channels], rowMajor: sheet.elements, layout: .rowMajor)
}

/// Lays the pictures of a batch of bytes, row-major in `shape`, out on one sheet; see ``gridify(_:grid:fill:)``.
/// - Returns: the bytes of the sheet, row-major, and its shape `(rows * H, columns * W, C)`.
public func gridify(
  bytes: [UInt8], shape: Shape, grid: ImageGrid = .square, fill: [UInt8]? = nil
) throws(HeatmapError) -> (bytes: [UInt8], shape: Shape) {
  try checkCount(bytes, shape)
  let sheet = try ChannelsLastArray(batch: bytes, shape: shape).sheet(grid, fill: fill)
  return (sheet.elements, [sheet.height, sheet.width, sheet.channels])
}

func checkCount(_ bytes: [UInt8], _ shape: Shape) throws(HeatmapError) {
  guard bytes.count == shape.count else {
    throw .argument(name: "bytes", found: "\(bytes.count)", expected: "\(shape.count) for the shape \(shape)")
  }
}

extension ChannelsLastArray {
  /// All pictures of the batch as one.
  func sheet(_ grid: ImageGrid, fill: [Element]?) throws(HeatmapError) -> ChannelsLastArray {
    let (rows, columns) = try rowsAndColumns(grid)
    let fill = try fillPixel(fill)
    let (sheetHeight, sheetWidth) = (rows * height, columns * width)
    var result: [Element] = []
    result.reserveCapacity(sheetHeight * sheetWidth * channels)
    let line = width * channels
    for y in 0..<sheetHeight {
      for column in 0..<columns {
        let sample = y / height * columns + column
        if sample < batch {
          let start = (sample * height + y % height) * line
          result.append(contentsOf: elements[start..<start + line])
        } else {
          for _ in 0..<width { result.append(contentsOf: fill) }
        }
      }
    }
    return ChannelsLastArray(
      batch: 1, height: sheetHeight, width: sheetWidth, channels: channels, elements: result)
  }

  private func rowsAndColumns(_ grid: ImageGrid) throws(HeatmapError) -> (rows: Int, columns: Int) {
    switch grid {
    case .square:
      let columns = max(1, Int(Double(batch).squareRoot()))
      return ((batch + columns - 1) / columns, columns)
    case .shape(let rows, let columns):
      let limit = 1 << 30
      let size = Shape(checking: [rows, columns, height, width, channels])?.count ?? Int.max
      guard rows > 0, columns > 0, size <= limit else {
        throw .argument(
          name: "grid", found: "\(rows) x \(columns)",
          expected: "at least 1 x 1 pictures and no more than \(limit) values in all")
      }
      return (rows, columns)
    }
  }

  private func fillPixel(_ fill: [Element]?) throws(HeatmapError) -> [Element] {
    guard let fill else {
      return (0..<channels).map { channel in
        var smallest = elements[channel]
        for index in stride(from: channel, to: elements.count, by: channels) {
          let value = elements[index]
          // NaN is unequal to itself and is passed on.
          if value < smallest || value != value { smallest = value }
        }
        return smallest
      }
    }
    if fill.count == channels { return fill }
    guard fill.count == 1 else {
      throw .argument(name: "grid fill", found: "\(fill.count) values", expected: "1 or \(channels)")
    }
    return [Element](repeating: fill[0], count: channels)
  }
}
