import Tensors

/// Relevance (or any other number) for each position of a plane, row by row from the top left.
public struct RelevanceMap: Hashable, Sendable {
  public let width: Int
  public let height: Int
  /// `width * height` values; the one at column x and row y is at `y * width + x`.
  public let values: [Float]

  /// - Precondition: `values.count == width * height`.
  public init(width: Int, height: Int, values: [Float]) {
    precondition(width >= 0 && height >= 0 && values.count == width * height)
    self.width = width
    self.height = height
    self.values = values
  }

  /// The value at a column and row, `nil` outside.
  public subscript(column: Int, row: Int) -> Float? {
    guard column >= 0, column < width, row >= 0, row < height else { return nil }
    return values[row * width + column]
  }

  /// Sum of all values, in double.
  public var sum: Double { values.reduce(0) { $0 + Double($1) } }

  /// `self` minus `other`, position by position; `nil` if the sizes differ.
  public func minus(_ other: RelevanceMap) -> RelevanceMap? {
    guard width == other.width, height == other.height else { return nil }
    return RelevanceMap(width: width, height: height, values: zip(values, other.values).map { $0 - $1 })
  }
}

extension RelevanceMap {
  /// The sum over the channels of one sample.
  ///
  /// `(N, C, H, W)` gives a map of W x H. Fewer axes are taken as one row: `(N, C, L)` gives L x 1, and `(N, C)`, where
  /// the channels are all there is, C x 1 without a sum. With more, `(N, C, D, H, W)`, D is summed as well.
  /// - Throws: ``HeatmapError/shape(_:expected:)`` for a scalar, ``HeatmapError/argument(name:found:expected:)`` for a
  ///   sample that is not there.
  public init(channelSumOf tensor: Tensor, sample: Int = 0) throws(HeatmapError) {
    let plane = try ChannelPlane(tensor.shape, sample: sample)
    let values = plane.reduce(tensor, sample: sample, channels: 0..<plane.channels)
    self.init(width: plane.width, height: plane.height, values: values)
  }

  /// One channel of one sample; axes as in ``init(channelSumOf:sample:)``.
  public init(channel: Int, of tensor: Tensor, sample: Int = 0) throws(HeatmapError) {
    let plane = try ChannelPlane(tensor.shape, sample: sample)
    guard channel >= 0, channel < plane.channels else {
      throw .argument(name: "channel", found: "\(channel)", expected: "0 to \(plane.channels - 1)")
    }
    let values = plane.reduce(tensor, sample: sample, channels: channel..<channel + 1)
    self.init(width: plane.width, height: plane.height, values: values)
  }

  /// The channels of one sample with the largest sums of |r|, largest first, at most `count`.
  public static func strongestChannels(of tensor: Tensor, sample: Int = 0, count: Int) throws(HeatmapError) -> [Int] {
    let plane = try ChannelPlane(tensor.shape, sample: sample)
    let strengths = plane.strengths(tensor, sample: sample)
    let order = strengths.indices.sorted { (strengths[$0], $1) > (strengths[$1], $0) }
    return Array(order.prefix(max(0, count)))
  }
}

/// How a tensor's axes are read as channels of depth x height x width.
private struct ChannelPlane {
  var channels: Int
  var depth: Int
  var height: Int
  var width: Int
  private var plane: Int { height * width }

  init(_ shape: Shape, sample: Int) throws(HeatmapError) {
    guard shape.rank >= 2 else { throw .shape(shape, expected: "at least the axes N and C") }
    guard sample >= 0, sample < shape.batch else {
      throw .argument(name: "sample", found: "\(sample)", expected: "0 to \(shape.batch - 1)")
    }
    let spatial = shape.spatial
    channels = spatial.isEmpty ? 1 : shape.channels
    width = spatial.last ?? shape.channels
    height = spatial.count > 1 ? spatial[spatial.count - 2] : 1
    depth = spatial.dropLast(2).reduce(1, *)
  }

  /// Sums in double over `channels` and the depth.
  func reduce(_ tensor: Tensor, sample: Int, channels range: Range<Int>) -> [Float] {
    var sums = [Double](repeating: 0, count: plane)
    visit(tensor, sample: sample) { value, channel, position in
      if range.contains(channel) { sums[position] += Double(value) }
    }
    return sums.map { Float($0) }
  }

  func strengths(_ tensor: Tensor, sample: Int) -> [Double] {
    var sums = [Double](repeating: 0, count: channels)
    visit(tensor, sample: sample) { value, channel, _ in
      if value.isFinite { sums[channel] += Double(abs(value)) }
    }
    return sums
  }

  @inline(__always)
  private func visit(_ tensor: Tensor, sample: Int, _ body: (_ value: Float, _ channel: Int, _ position: Int) -> Void) {
    let positions = depth * plane
    let size = channels * positions
    tensor.withUnsafeBufferPointer { buffer in
      let values = UnsafeBufferPointer(rebasing: buffer[sample * size..<(sample + 1) * size])
      if tensor.layout == .channelsLast {
        for position in 0..<positions {
          for channel in 0..<channels { body(values[position &* channels &+ channel], channel, position % plane) }
        }
      } else {
        for channel in 0..<channels {
          for position in 0..<positions { body(values[channel &* positions &+ position], channel, position % plane) }
        }
      }
    }
  }
}
