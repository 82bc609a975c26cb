/// Axes of a view, outermost first: those of extent 1 left out, those that follow on each other joined.
struct StridedAxes {
  private(set) var axes: [(extent: Int, stride: Int)] = []

  init(shape: [Int], strides: [Int]) {
    for (extent, stride) in zip(shape, strides) where extent != 1 {
      let (step, overflows) = stride.multipliedReportingOverflow(by: extent)
      if let last = axes.last, !overflows, last.stride == step {
        axes[axes.count - 1] = (last.extent * extent, stride)
      } else {
        axes.append((extent, stride))
      }
    }
  }

  /// Whether the elements follow on each other in memory.
  var isContiguous: Bool { axes.isEmpty || (axes.count == 1 && axes[0].stride == 1) }

  /// Elements of a column that are read at a time.
  private static let block = 1 << 12

  /// Reads all elements in row-major order, row by row along the last axis; column by column where those are what lies
  /// together in memory.
  /// - Parameter source: begins at the view's first element and holds its last; the view is not empty.
  func read(
    _ source: UnsafeRawBufferPointer, as type: ElementType, bigEndian: Bool,
    into target: UnsafeMutableBufferPointer<Float>
  ) {
    let row = axes.last ?? (extent: 1, stride: 1)
    let isByColumns = axes.count >= 2 && row.stride != 1 && axes[axes.count - 2].stride == 1
    let rows = isByColumns ? axes[axes.count - 2].extent : 1
    let outer = axes.dropLast(isByColumns ? 2 : 1)
    var column = [Float](repeating: 0, count: isByColumns ? min(Self.block, rows) : 0)
    var position = [Int](repeating: 0, count: outer.count)
    var offset = 0
    for start in Swift.stride(from: 0, to: target.count, by: rows * row.extent) {
      let part = UnsafeRawBufferPointer(rebasing: source[(offset * type.byteCount)...])
      let place = UnsafeMutableBufferPointer(rebasing: target[start..<start + rows * row.extent])
      if isByColumns {
        for first in Swift.stride(from: 0, to: rows, by: Self.block) {
          for index in 0..<row.extent {
            let bytes = part[((first + index * row.stride) * type.byteCount)...]
            column.withUnsafeMutableBufferPointer { column in
              let numbers = UnsafeMutableBufferPointer(rebasing: column[..<min(Self.block, rows - first)])
              type.decode(UnsafeRawBufferPointer(rebasing: bytes), bigEndian: bigEndian, into: numbers)
              var to = first * row.extent + index
              for number in numbers {
                place[to] = number
                to += row.extent
              }
            }
          }
        }
      } else {
        type.decode(part, bigEndian: bigEndian, stride: row.stride, into: place)
      }
      // Advance like a counter whose fastest digit is the last of the outer axes.
      for axis in outer.indices.reversed() {
        position[axis] += 1
        offset += outer[axis].stride
        if position[axis] < outer[axis].extent { break }
        offset -= outer[axis].stride * outer[axis].extent
        position[axis] = 0
      }
    }
  }
}

extension TensorView {
  var mergedAxes: StridedAxes { StridedAxes(shape: shape, strides: strides) }
}
