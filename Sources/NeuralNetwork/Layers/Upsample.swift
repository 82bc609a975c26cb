import Compute
import Tensors

/// Spatial axes of other extents by interpolation, each element of the result a weighted sum of a few of the input's along
/// every axis: `torch.nn.Upsample`, which is linear in its input.
public struct Upsample: Layer {
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

  public var kind: LayerKind { .upsample }
  public var summary: String { "Upsample \(Extents.text(axes.map(\.input)))→\(Extents.text(axes.map(\.taps.count)))" }
  public let axes: [Axis]

  public init(_ axes: [Axis]) { self.axes = axes }

  public var traits: LayerTraits {
    LayerTraits(
      linearity: .linear, signs: .unknown, axes: .kept(axes.count + 2), isFunctional: false,
      isSampleWise: true,
      isWeightedSum: false, isIdentity: false)
  }
  public func flops(inputs: [Shape], output: Shape) -> Double { Double(output.count) }
  public var tensors: [Tensor] { [] }
  public var secondOrder: SecondOrder { .affine(self) }

  public func outputShape(for inputs: [Shape]) throws -> Shape {
    let (shape, extents) = (try inputs.only(), axes.map(\.input))
    guard shape.rank == axes.count + 2, shape.spatial == extents else {
      throw ComputeError.shape(operation: "interpolation", found: shape, expected: "(N, C, …) of \(extents)")
    }
    return Shape([shape.batch, shape.channels] + axes.map(\.taps.count))
  }

  public func forward(_ inputs: [Tensor]) throws -> Tensor {
    _ = try outputShape(for: inputs.map(\.shape))
    var result = try inputs.only().converted(to: .channelsLast)
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

  public func vjp(_ seed: Tensor, inputs: [Tensor], output: Tensor) throws -> [Tensor] {
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
    return [result]
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
