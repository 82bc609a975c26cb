import Tensors

/// Where every pooling window of one input lies: three axes, missing ones of extent 1 in front.
package struct PoolingWindows: Sendable {
  /// The windows along one axis, cut to the input.
  struct Axis: Sendable {
    let extent: Int
    /// First input index of each window.
    var starts: [Int] = []
    /// Number of input indices in each window, `step` apart.
    var counts: [Int] = []
    /// Number of indices in each window before cutting, padding included.
    var sizes: [Int] = []
    var step = 1

    /// Whether no index lies in two windows.
    var isDisjoint: Bool {
      step == 1
        && zip(starts.indices.dropFirst(), starts.dropFirst()).allSatisfy { starts[$0 - 1] + counts[$0 - 1] <= $1 }
    }
    /// Whether every index lies in a window, if they are disjoint.
    var isCovered: Bool { counts.reduce(0, +) == extent }

    /// Windows of a fixed size.
    init(extent: Int, count: Int, stride: Int, begin: Int, end: Int, kernel: Int, dilation: Int) {
      self.extent = extent
      step = dilation
      for index in 0..<count {
        var start = index * stride - begin
        sizes.append(min(start + (kernel - 1) * dilation + 1, extent + end) - start)
        let stop = min(start + (kernel - 1) * dilation + 1, extent)
        if start < 0 { start += (-start + dilation - 1) / dilation * dilation }
        starts.append(start)
        counts.append(start < stop ? (stop - start + dilation - 1) / dilation : 0)
      }
    }

    /// Windows that share the axis evenly, as in adaptive pooling.
    init(extent: Int, adaptingTo count: Int) {
      self.extent = extent
      for index in 0..<count {
        let start = index * extent / count
        let stop = ((index + 1) * extent + count - 1) / count
        starts.append(start)
        counts.append(stop - start)
        sizes.append(stop - start)
      }
    }
  }

  let batch: Int
  let channels: Int
  package let outputShape: Shape
  /// Depth, height, width.
  let axes: [Axis]

  init(input: Shape, axes: [Axis]) {
    batch = input.batch
    channels = input.channels
    outputShape = Shape([input.batch, input.channels] + axes.map(\.starts.count))
    let missing = (axes.count..<3).map { _ in Axis(extent: 1, adaptingTo: 1) }
    self.axes = missing + axes
  }

  /// Input positions per sample.
  var positions: Int { axes.reduce(1) { $0 * $1.extent } }
  /// Output positions per sample.
  var windowCount: Int { axes.reduce(1) { $0 * $1.starts.count } }

  /// Calls `body(output position, input offsets)` for the windows of `range`, counted over batch and positions;
  /// both are in positions (of `channels` elements), the offsets in row-major order of the window.
  @inline(__always)
  func forEach(in range: Range<Int>, _ body: (Int, UnsafeBufferPointer<Int>) -> Void) {
    let (depths, heights, widths) = (axes[0], axes[1], axes[2])
    let perSample = windowCount
    let largest = axes.reduce(1) { $0 * ($1.counts.max() ?? 0) }
    withUnsafeTemporaryAllocation(of: Int.self, capacity: max(1, largest)) { offsets in
      for index in range {
        let (sample, window) = index.quotientAndRemainder(dividingBy: perSample)
        let (row, w) = window.quotientAndRemainder(dividingBy: widths.starts.count)
        let (d, h) = row.quotientAndRemainder(dividingBy: heights.starts.count)
        var count = 0
        for i in 0..<depths.counts[d] {
          let plane = sample * depths.extent + depths.starts[d] + i * depths.step
          for j in 0..<heights.counts[h] {
            let line = (plane * heights.extent + heights.starts[h] + j * heights.step) * widths.extent
            for k in 0..<widths.counts[w] {
              offsets[count] = line + widths.starts[w] + k * widths.step
              count += 1
            }
          }
        }
        body(index, UnsafeBufferPointer(rebasing: offsets[..<count]))
      }
    }
  }

  /// Runs `body` for ranges of windows, in parallel.
  func forEachRange(_ body: @Sendable (Range<Int>) -> Void) {
    parallelFor(batch * windowCount, grain: max(1, (1 << 14) / max(1, channels)), body)
  }

  /// Runs `body(samples, channels)` in parallel such that no two threads touch the same element of the input.
  func forEachPart(_ body: @Sendable (Range<Int>, Range<Int>) -> Void) {
    if batch >= 2 * Parallelism.threads || channels < 32 {
      parallelFor(batch, grain: 1, alignment: 1) { body($0, 0..<channels) }
    } else {
      parallelFor(channels, grain: 16) { body(0..<batch, $0) }
    }
  }

  package func check(seed: Tensor, input: Shape, operation: String) throws {
    guard seed.shape == outputShape else {
      throw ComputeError.shape(
        operation: "gradient of \(operation)", found: seed.shape, expected: "\(outputShape) for an input of \(input)")
    }
  }
}
