extension Tensor {
  /// The same logical array in another storage order; no copy if the order already agrees.
  public func converted(to layout: Layout) -> Tensor {
    guard shape.rank > 2, self.layout != layout else { return self }
    if unstoredElement != nil { return relabelledUniform(layout) }
    let (channels, positions) = (shape.channels, shape.spatialCount)
    if channels == 1 || positions == 1 { return relabelled(layout) }
    // Row-major is (C, S) per sample, channels-last is (S, C): one transposition per sample.
    let (rows, columns) = layout == .channelsLast ? (channels, positions) : (positions, channels)
    var result = Tensor(uninitialized: shape, layout: layout)
    let source = UncheckedPointer(unsafeAddress)
    result.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      let target = UncheckedMutablePointer(base)
      for sample in 0..<shape.batch {
        let offset = sample * rows * columns
        parallelFor(columns, grain: max(1, Parallelism.grain / max(1, rows))) { range in
          transpose(source.pointer + offset, target.pointer + offset, rows: rows, columns: columns, range: range)
        }
      }
    }
    return result
  }

  private func relabelled(_ layout: Layout) -> Tensor {
    var result = Tensor(uninitialized: shape, layout: layout)
    withUnsafeBufferPointer { source in
      result.withUnsafeMutableBufferPointer { _ = $0.update(from: source) }
    }
    return result
  }

  /// Elements in row-major order of the logical shape, whatever the storage order.
  public func rowMajorElements() -> [Float] {
    if let value = unstoredElement { return [Float](repeating: value, count: count) }
    return converted(to: .rowMajor).withUnsafeBufferPointer { Array($0) }
  }

  /// One sample of a batch, shape `(1, …)`.
  public func sample(_ index: Int) -> Tensor { samples(index..<index + 1) }

  /// A run of samples of a batch.
  public func samples(_ range: Range<Int>) -> Tensor {
    precondition(range.lowerBound >= 0 && range.upperBound <= shape.batch, "samples \(range) of \(shape)")
    if range == 0..<shape.batch { return self }
    let size = shape.sampleCount
    var result = Tensor(uninitialized: shape.withBatch(range.count), layout: layout)
    withUnsafeBufferPointer { source in
      let part = UnsafeBufferPointer(rebasing: source[range.lowerBound * size..<range.upperBound * size])
      result.withUnsafeMutableBufferPointer { _ = $0.update(from: part) }
    }
    return result
  }

  /// Samples joined along the batch axis.
  /// - Precondition: at least one part; all agree in everything but the batch.
  public static func stacked(_ parts: [Tensor]) -> Tensor {
    let batch = parts.reduce(0) { $0 + $1.shape.batch }
    var result = Tensor(uninitialized: parts[0].shape.withBatch(batch), layout: parts[0].layout)
    var offset = 0
    result.withUnsafeMutableBufferPointer { target in
      for part in parts {
        precondition(part.shape.withBatch(1) == parts[0].shape.withBatch(1) && part.layout == parts[0].layout)
        part.withUnsafeBufferPointer { source in
          _ = UnsafeMutableBufferPointer(rebasing: target[offset..<offset + source.count]).update(from: source)
        }
        offset += part.count
      }
    }
    return result
  }
}

/// Writes columns `range` of a `rows × columns` matrix as rows of the transposed one.
private func transpose(
  _ source: UnsafePointer<Float>, _ target: UnsafeMutablePointer<Float>, rows: Int, columns: Int, range: Range<Int>
) {
  let block = 32
  var column = range.lowerBound
  while column < range.upperBound {
    let columnEnd = min(column + block, range.upperBound)
    var row = 0
    while row < rows {
      let rowEnd = min(row + block, rows)
      for c in column..<columnEnd {
        for r in row..<rowEnd { target[c &* rows &+ r] = source[r &* columns &+ c] }
      }
      row = rowEnd
    }
    column = columnEnd
  }
}
