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

  /// Reads all elements in row-major order, row by row along the last axis.
  /// - Parameter source: begins at the view's first element and holds its last; the view is not empty.
  func read(
    _ source: UnsafeRawBufferPointer, as type: ElementType, bigEndian: Bool,
    into target: UnsafeMutableBufferPointer<Float>
  ) {
    let row = axes.last ?? (extent: 1, stride: 1)
    let outer = axes.dropLast()
    var position = [Int](repeating: 0, count: outer.count)
    var offset = 0
    for start in Swift.stride(from: 0, to: target.count, by: row.extent) {
      type.decode(
        UnsafeRawBufferPointer(rebasing: source[(offset * type.byteCount)...]), bigEndian: bigEndian,
        stride: row.stride,
        into: UnsafeMutableBufferPointer(rebasing: target[start..<start + row.extent]))
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
