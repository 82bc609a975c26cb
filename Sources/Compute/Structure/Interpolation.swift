import Tensors

/// Spatial axes of other extents, each element of the result a weighted sum of a few of the input's along every axis.
public struct Interpolation: Sendable {
  /// For each position of the result along one axis the positions of the input that it is made of.
  public struct Axis: Hashable, Sendable {
    public struct Tap: Hashable, Sendable {
      public let index: Int
      public let weight: Float
      public init(index: Int, weight: Float) { (self.index, self.weight) = (index, weight) }
    }
    /// The input's extent.
    public let input: Int
    public let taps: [[Tap]]

    /// - Throws: ``ComputeError`` if a tap lies outside of the input.
    public init(input: Int, taps: [[Tap]]) throws {
      guard taps.joined().allSatisfy({ (0..<input).contains($0.index) }) else {
        throw ComputeError.shape(operation: "interpolation", found: [taps.count], expected: "positions of \(input)")
      }
      (self.input, self.taps) = (input, taps)
    }
  }

  public let axes: [Axis]
  public var input: [Int] { axes.map(\.input) }
  public var output: [Int] { axes.map(\.taps.count) }

  public init(_ axes: [Axis]) { self.axes = axes }

  public func outputShape(input shape: Shape) throws -> Shape {
    guard shape.rank == axes.count + 2, shape.spatial == input else {
      throw ComputeError.shape(operation: "interpolation", found: shape, expected: "(N, C, …) of \(input)")
    }
    return Shape([shape.batch, shape.channels] + output)
  }

  /// The result, channels-last.
  public func forward(_ input: Tensor) throws -> Tensor {
    _ = try outputShape(input: input.shape)
    var result = input.converted(to: .channelsLast)
    for (place, axis) in axes.enumerated() {
      result = result.resampled(axis: place + 2, extent: axis.taps.count) { source, target, inner in
        for (position, taps) in axis.taps.enumerated() {
          for tap in taps {
            let (from, to) = (source + tap.index * inner, target + position * inner)
            for i in 0..<inner { to[i] += tap.weight * from[i] }
          }
        }
      }
    }
    return result
  }

  /// The vector-Jacobian product, channels-last.
  public func vjp(_ seed: Tensor) throws -> Tensor {
    var result = seed.converted(to: .channelsLast)
    for (place, axis) in axes.enumerated().reversed() {
      result = result.resampled(axis: place + 2, extent: axis.input) { source, target, inner in
        for (position, taps) in axis.taps.enumerated() {
          for tap in taps {
            let (from, to) = (source + position * inner, target + tap.index * inner)
            for i in 0..<inner { to[i] += tap.weight * from[i] }
          }
        }
      }
    }
    return result
  }
}

extension Tensor {
  /// A channels-last tensor with another extent along a spatial axis; `body` adds to each run of rows, which begin as
  /// zero, what it makes of the run before.
  fileprivate func resampled(
    axis: Int, extent: Int, _ body: (UnsafePointer<Float>, UnsafeMutablePointer<Float>, Int) -> Void
  ) -> Tensor {
    var extents = shape.dimensions
    let outer = extents[0] * extents[2..<axis].reduce(1, *)
    let inner = extents[(axis + 1)...].reduce(1, *) * extents[1]
    let before = extents[axis] * inner
    extents[axis] = extent
    var result = Tensor.zeros(Shape(extents))
    let address = result.uniqueAddress()
    withUnsafeBufferPointer { source in
      guard let start = source.baseAddress else { return }
      for run in 0..<outer { body(start + run * before, address + run * extent * inner, inner) }
    }
    withExtendedLifetime(result) {}
    return result
  }
}
