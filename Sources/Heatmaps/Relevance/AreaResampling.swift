/// Brings a plane to another size by area.
///
/// Along an axis that gets smaller, every old position is shared out among the new ones by the length of overlap, so that
/// nothing is dropped and sums are kept. Along one that grows, a new position takes the value of the old one its centre
/// lies in: small maps are enlarged without smoothing.
public struct AreaResampling: Sendable {
  /// What a new value stands for.
  public enum Quantity: Sendable {
    /// The relevance that falls into the new position. When enlarging, old values are divided by the ratio of areas.
    case sum
    /// The relevance per old position: a constant plane stays what it is.
    case mean
  }

  private let columns: AxisWeights
  private let rows: AxisWeights
  private let quantity: Quantity

  /// A resampling from one size to another, in positions. Sizes below 1 are taken as 1.
  public init(from old: (width: Int, height: Int), to new: (width: Int, height: Int), quantity: Quantity) {
    columns = AxisWeights(from: max(1, old.width), to: max(1, new.width))
    rows = AxisWeights(from: max(1, old.height), to: max(1, new.height))
    self.quantity = quantity
  }

  /// Resamples a plane of values.
  /// - Precondition: `values` holds old width x old height values.
  public func callAsFunction(_ values: [Float]) -> [Float] {
    self(values, channels: 1) {
      Double($0)
    } into: {
      Float($0)
    }
  }

  /// Resamples a plane of `channels` interleaved elements per position.
  /// - Precondition: `values` holds old width x old height x channels elements.
  func callAsFunction<Element>(
    _ values: [Element], channels: Int, _ read: (Element) -> Double, into write: (Double) -> Element
  ) -> [Element] {
    precondition(values.count == columns.old * rows.old * channels)
    let unit = quantity == .sum ? 1 : columns.ratio * rows.ratio
    var result: [Element] = []
    result.reserveCapacity(rows.new * columns.new * channels)
    var line = [Double](repeating: 0, count: columns.new * channels)
    var accumulated = line
    // An old row on the border of two new ones is needed twice in succession, so its reduced line is kept.
    var lineNumber = -1
    values.withUnsafeBufferPointer { source in
      for row in 0..<rows.new {
        for i in accumulated.indices { accumulated[i] = 0 }
        for share in rows.shares(of: row) {
          if share.position != lineNumber {
            lineNumber = share.position
            let start = lineNumber * columns.old * channels
            let old = UnsafeBufferPointer(rebasing: source[start..<start + columns.old * channels])
            reduce(old, channels, read, into: &line)
          }
          for i in accumulated.indices { accumulated[i] += line[i] * share.weight }
        }
        for value in accumulated { result.append(write(value * unit)) }
      }
    }
    return result
  }

  @inline(__always)
  private func reduce<Element>(
    _ row: UnsafeBufferPointer<Element>, _ channels: Int, _ read: (Element) -> Double, into line: inout [Double]
  ) {
    for column in 0..<columns.new {
      let shares = columns.shares(of: column)
      for channel in 0..<channels {
        var sum = 0.0
        for share in shares { sum += read(row[share.position &* channels &+ channel]) * share.weight }
        line[column * channels + channel] = sum
      }
    }
  }
}

extension RelevanceMap {
  /// The map at another size; see ``AreaResampling``.
  public func resampled(width: Int, height: Int, quantity: AreaResampling.Quantity = .sum) -> RelevanceMap {
    guard self.width > 0, self.height > 0, width > 0, height > 0 else {
      return RelevanceMap(width: 0, height: 0, values: [])
    }
    if (width, height) == (self.width, self.height) { return self }
    let resampling = AreaResampling(
      from: (self.width, self.height), to: (width, height), quantity: quantity)
    return RelevanceMap(width: width, height: height, values: resampling(values))
  }

  /// The positions of this map, of size ``width`` x ``height``, that a cell of a `columns` x `rows` grid stands for.
  public func positions(
    inCell cell: (column: Int, row: Int), ofGrid columns: Int, _ rows: Int
  ) -> (columns: Range<Int>, rows: Range<Int>)? {
    guard cell.column >= 0, cell.column < columns, cell.row >= 0, cell.row < rows, width > 0, height > 0 else {
      return nil
    }
    return (
      AxisWeights(from: width, to: columns).range(of: cell.column),
      AxisWeights(from: height, to: rows).range(of: cell.row)
    )
  }
}

/// For each new position of one axis, the old positions it is made of and their shares.
private struct AxisWeights: Sendable {
  struct Share {
    var position: Int
    var weight: Double
  }

  let old: Int
  let new: Int
  private var shares: [Share] = []
  private var starts: [Int] = [0]
  /// New positions per old one.
  var ratio: Double { Double(new) / Double(old) }

  init(from old: Int, to new: Int) {
    self.old = old
    self.new = new
    for position in 0..<new {
      if new >= old {
        shares.append(Share(position: (2 * position + 1) * old / (2 * new), weight: Double(old) / Double(new)))
      } else {
        // Lengths in units of 1/new of an old position, so that they are whole numbers.
        let (start, end) = (position * old, (position + 1) * old)
        for source in start / new...(end - 1) / new {
          let overlap = min(end, (source + 1) * new) - max(start, source * new)
          shares.append(Share(position: source, weight: Double(overlap) / Double(new)))
        }
      }
      starts.append(shares.count)
    }
  }

  func shares(of position: Int) -> ArraySlice<Share> { shares[starts[position]..<starts[position + 1]] }

  func range(of position: Int) -> Range<Int> {
    let shares = shares(of: position)
    guard let first = shares.first, let last = shares.last else { return 0..<0 }
    return first.position..<last.position + 1
  }
}
