/// The logical extents of a tensor, outermost first: `(N, C, H, W)` for a batch of pictures.
public struct Shape: Hashable, Sendable, ExpressibleByArrayLiteral, CustomStringConvertible {
  public let dimensions: [Int]

  /// - Precondition: no extent is negative. Extents that come from a file go through ``init(checking:)``.
  public init(_ dimensions: [Int]) {
    precondition(dimensions.allSatisfy { $0 >= 0 }, "negative extent in \(dimensions)")
    self.dimensions = dimensions
  }

  public init(arrayLiteral elements: Int...) { self.init(elements) }

  /// A shape from untrusted numbers: `nil` if an extent is negative or a product of extents overflows, even where
  /// another extent is 0.
  public init?(checking dimensions: [Int]) {
    var count = 1
    for extent in dimensions {
      let (product, overflow) = count.multipliedReportingOverflow(by: max(1, extent))
      guard extent >= 0, !overflow else { return nil }
      count = product
    }
    self.dimensions = dimensions
  }

  public var rank: Int { dimensions.count }
  /// Number of elements; 1 for a scalar.
  public var count: Int { dimensions.reduce(1, *) }
  public subscript(axis: Int) -> Int { dimensions[axis] }

  /// The extent of the batch axis N, or 1 for a scalar.
  public var batch: Int { dimensions.first ?? 1 }
  /// The extent of the channel axis C, or 1 where there is none.
  public var channels: Int { rank > 1 ? dimensions[1] : 1 }
  /// The extents after N and C.
  public var spatial: [Int] { Array(dimensions.dropFirst(2)) }
  public var spatialCount: Int { spatial.reduce(1, *) }
  /// Elements of one sample.
  public var sampleCount: Int { dimensions.dropFirst().reduce(1, *) }

  /// The same shape with another batch size.
  public func withBatch(_ batch: Int) -> Shape { Shape([batch] + dimensions.dropFirst()) }

  public var description: String { "(" + dimensions.map(String.init).joined(separator: ", ") + ")" }
}
