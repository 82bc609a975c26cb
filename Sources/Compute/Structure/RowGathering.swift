import Tensors

// Rows of C elements that are read from elsewhere in the same sample, as padding does. −1 stands for no row.

extension Shape {
  /// For each position of a result, in row-major order, the position of this shape's rows that it is read from; −1 where
  /// an axis has none.
  /// - Parameter sources: for each spatial axis where each index of the result is read from.
  package func rowPositions(_ sources: [[Int]]) -> [Int] {
    var positions = [0]
    for (sources, extent) in zip(sources, spatial) {
      positions = positions.flatMap { start in
        sources.map { start < 0 || $0 < 0 ? -1 : start * extent + $0 }
      }
    }
    return positions
  }
}

extension Tensor {
  /// A result `(N, C, spatial…)`, channels-last.
  /// - Parameters:
  ///   - positions: where each row of a sample of the result is read from.
  ///   - filling: what rows hold that are read from nowhere.
  /// - Precondition: as many positions as the result has rows, each −1 or one of this tensor's.
  package func gatheringRows(_ positions: [Int], filling: Float, as shape: Shape) -> Tensor {
    let (channels, size) = (shape.channels, self.shape.spatialCount)
    let input = converted(to: .channelsLast)
    let source = UncheckedPointer(input.unsafeAddress)
    var result = Tensor(uninitialized: shape)
    result.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress, channels > 0 else { return }
      let target = UncheckedMutablePointer(base)
      parallelFor(buffer.count / channels, grain: max(1, Parallelism.grain / channels)) { range in
        for index in range {
          let (sample, output) = index.quotientAndRemainder(dividingBy: positions.count)
          let to = target.pointer + index &* channels
          if positions[output] < 0 {
            for c in 0..<channels { to[c] = filling }
          } else {
            to.update(from: source.pointer + (sample * size + positions[output]) * channels, count: channels)
          }
        }
      }
    }
    withExtendedLifetime(input) {}
    return result
  }

  /// The adjoint of ``gatheringRows(_:filling:as:)``: every row of the result, of the input's shape, gets what its copies
  /// received.
  package func scatteringRows(_ positions: [Int], as shape: Shape) -> Tensor {
    let (channels, size) = (shape.channels, shape.spatialCount)
    let seed = converted(to: .channelsLast)
    let source = UncheckedPointer(seed.unsafeAddress)
    var result = Tensor.zeros(shape)
    result.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      let target = UncheckedMutablePointer(base)
      parallelFor(channels, grain: max(16, Parallelism.grain / max(1, buffer.count / max(1, channels)))) { part in
        for sample in 0..<shape.batch {
          for (output, position) in positions.enumerated() where position >= 0 {
            let from = source.pointer + (sample &* positions.count &+ output) &* channels
            let to = target.pointer + (sample &* size &+ position) &* channels
            for c in part { to[c] += from[c] }
          }
        }
      }
    }
    withExtendedLifetime(seed) {}
    return result
  }

  /// Zeros added behind the last row of each spatial axis, or rows cut off where the number is negative.
  /// - Throws: ``ComputeError`` if nothing would be left.
  func extended(by rows: [Int]) throws -> Tensor {
    guard zip(shape.spatial, rows).allSatisfy({ $0 + $1 > 0 }) else {
      throw ComputeError.parameter(
        operation: "padding", name: "rows", found: "\(rows)", expected: "a row left over of \(shape.spatial)")
    }
    let sources = zip(shape.spatial, rows).map { extent, more in (0..<extent + more).map { $0 < extent ? $0 : -1 } }
    return gatheringRows(
      shape.rowPositions(sources), filling: 0, as: Shape([shape.batch, shape.channels] + sources.map(\.count)))
  }
}
