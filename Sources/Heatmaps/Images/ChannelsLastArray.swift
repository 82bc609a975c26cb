import Tensors

/// An array of pictures, row-major, whose last axis is colour: `(N, H, W, C)` with C = 1 or 3.
struct ChannelsLastArray<Element: Comparable & Sendable>: Sendable {
  let batch: Int
  let height: Int
  let width: Int
  let channels: Int
  var elements: [Element]
  /// The shape that the caller's array has with the channels at the end; without the axes that were added.
  let visibleShape: Shape

  /// Reads a batch, `(N, H, W)`, `(N, H, W, C)` or `(N, C, H, W)`. Channels last wins if both would do.
  init(batch elements: [Element], shape: Shape) throws(HeatmapError) {
    guard shape.rank == 3 || shape.rank == 4 else {
      throw .shape(shape, expected: "(N, H, W), (N, C, H, W) or (N, H, W, C) for a grid")
    }
    if shape.rank == 3 {
      self.init(elements, visibleShape: shape, dimensions: shape.dimensions + [1])
    } else if Self.isColor(shape[3]) {
      self.init(elements, visibleShape: shape, dimensions: shape.dimensions)
    } else if Self.isColor(shape[1]) {
      let dimensions = [shape[0], shape[2], shape[3], shape[1]]
      let moved = Self.movingChannelsLast(elements, batch: shape[0], channels: shape[1], positions: shape[2] * shape[3])
      self.init(moved, visibleShape: Shape(dimensions), dimensions: dimensions)
    } else {
      throw .shape(
        shape, expected: "1 or 3 channels on the second or last of four axes, or three axes without channels")
    }
    try checkExtents(shape)
  }

  /// Reads one picture, `(H, W)`, `(H, W, C)` or `(C, H, W)`. Channels last wins if both would do.
  init(picture elements: [Element], shape: Shape) throws(HeatmapError) {
    guard shape.rank == 2 || shape.rank == 3 else {
      throw .shape(shape, expected: "(H, W), (C, H, W) or (H, W, C), or a grid for several pictures")
    }
    if shape.rank == 2 {
      self.init(elements, visibleShape: shape, dimensions: [1] + shape.dimensions + [1])
    } else if Self.isColor(shape[2]) {
      self.init(elements, visibleShape: shape, dimensions: [1] + shape.dimensions)
    } else if Self.isColor(shape[0]) {
      let dimensions = [shape[1], shape[2], shape[0]]
      let moved = Self.movingChannelsLast(elements, batch: 1, channels: shape[0], positions: shape[1] * shape[2])
      self.init(moved, visibleShape: Shape(dimensions), dimensions: [1] + dimensions)
    } else {
      throw .shape(shape, expected: "1 or 3 channels on the first or last of three axes, or two axes without channels")
    }
    try checkExtents(shape)
  }

  private init(_ elements: [Element], visibleShape: Shape, dimensions: [Int]) {
    (batch, height, width, channels) = (dimensions[0], dimensions[1], dimensions[2], dimensions[3])
    self.elements = elements
    self.visibleShape = visibleShape
  }

  init(batch: Int, height: Int, width: Int, channels: Int, elements: [Element]) {
    (self.batch, self.height, self.width, self.channels) = (batch, height, width, channels)
    self.elements = elements
    visibleShape = Shape([batch, height, width, channels])
  }

  /// The same pictures with other elements.
  func with<Other>(_ elements: [Other]) -> ChannelsLastArray<Other> {
    ChannelsLastArray<Other>(batch: batch, height: height, width: width, channels: channels, elements: elements)
  }

  private static func isColor(_ extent: Int) -> Bool { extent == 1 || extent == 3 }

  private func checkExtents(_ shape: Shape) throws(HeatmapError) {
    guard !elements.isEmpty else { throw .shape(shape, expected: "at least one element") }
  }

  private static func movingChannelsLast(
    _ elements: [Element], batch: Int, channels: Int, positions: Int
  ) -> [Element] {
    var result: [Element] = []
    result.reserveCapacity(elements.count)
    for sample in 0..<batch {
      for position in 0..<positions {
        for channel in 0..<channels { result.append(elements[(sample * channels + channel) * positions + position]) }
      }
    }
    return result
  }
}
