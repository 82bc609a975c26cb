import Tensors

/// A picture cut into square blocks, row by row; those at the right and lower edge may be smaller.
public struct PixelBlocks: Hashable, Sendable {
  public let width: Int
  public let height: Int
  /// Pixels along a side of a block.
  public let side: Int

  /// - Throws: ``LRPError/metric(_:)`` for a block without pixels or an input that is no picture `(N, C, H, W)`.
  public init(of input: Shape, side: Int) throws {
    guard input.rank == 4, input.count > 0 else {
      throw LRPError.metric("an input of shape \(input) found, pictures (N, C, H, W) expected")
    }
    guard side >= 1 else { throw LRPError.metric("blocks of \(side) pixels found, at least 1 expected") }
    (height, width) = (input[2], input[3])
    self.side = min(side, max(width, height))
  }

  public var columns: Int { (width + side - 1) / side }
  public var rows: Int { (height + side - 1) / side }
  public var count: Int { columns * rows }

  /// The rows and columns of pixels in a block.
  func pixels(of block: Int) -> (rows: Range<Int>, columns: Range<Int>) {
    let (row, column) = (block / columns * side, block % columns * side)
    return (row..<min(row + side, height), column..<min(column + side, width))
  }

  /// The pixels in a block.
  public func area(of block: Int) -> Int {
    let (rows, columns) = pixels(of: block)
    return rows.count * columns.count
  }

  /// The relevance of each block: summed over channels and pixels, in double.
  /// - Parameter relevance: `(N, C, H, W)`.
  public func sums(of relevance: Tensor, sample: Int = 0) -> [Double] {
    let plane = relevance.pixelSums(ofSample: sample)
    return (0..<count).map { block in
      let (rows, columns) = pixels(of: block)
      return rows.reduce(0) { sum, row in columns.reduce(sum) { $0 + plane[row * width + $1] } }
    }
  }
}

extension Tensor {
  /// The sum over the channels of `(N, C, H, W)` at each pixel of a sample, row by row.
  func pixelSums(ofSample sample: Int) -> [Double] {
    let (channels, count) = (shape[1], shape[2] * shape[3])
    let own = self.sample(sample).converted(to: .channelsLast)
    return own.withUnsafeBufferPointer { values in
      (0..<count).map { pixel in (0..<channels).reduce(0) { $0 + Double(values[pixel * channels + $1]) } }
    }
  }
}
