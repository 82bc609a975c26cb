import Tensors

/// Channels of several groups taken in turn: channel `g · C/groups + i` becomes `i · groups + g` (Zhang et al.,
/// "ShuffleNet", CVPR 2018).
public struct ChannelShuffle: Layer {
  public var kind: LayerKind { .channelShuffle }
  public var summary: String { "Shuffle \(groups)" }
  public let groups: Int

  /// - Throws: ``LayerError`` if there are no groups.
  public init(groups: Int) throws {
    guard groups > 0 else { throw LayerError("\(groups) groups found, at least 1 expected") }
    self.groups = groups
  }

  public var traits: LayerTraits {
    LayerTraits(
      linearity: .linear, signs: .keepsNonnegative, axes: .kept(nil), isFunctional: true, isSampleWise: true,
      isWeightedSum: false, isIdentity: false)
  }
  public func flops(inputs: [Shape], output: Shape) -> Double { 0 }
  public var tensors: [Tensor] { [] }
  public var secondOrder: SecondOrder { .affine(self) }

  public func outputShape(for inputs: [Shape]) throws -> Shape {
    let shape = try inputs.only()
    guard shape.rank >= 2, shape.channels.isMultiple(of: groups) else {
      throw LayerError("an input of shape \(shape) found, channels in \(groups) groups expected")
    }
    return shape
  }

  public func forward(_ inputs: [Tensor]) throws -> Tensor {
    _ = try outputShape(for: inputs.map(\.shape))
    return try inputs.only().shuffled(groups: groups)
  }

  public func vjp(_ seed: Tensor, inputs: [Tensor], output: Tensor) throws -> [Tensor] {
    // What one shuffle takes apart, the one with the other number of groups puts together.
    [seed.shuffled(groups: max(1, seed.shape.channels / groups))]
  }
}

extension Tensor {
  fileprivate func shuffled(groups: Int) -> Tensor {
    let source = converted(to: .channelsLast)
    let (channels, size) = (shape.channels, shape.channels / groups)
    guard count > 0 else { return source }
    var result = Tensor(uninitialized: shape)
    result.withUnsafeMutableBufferPointer { target in
      source.withUnsafeBufferPointer { source in
        for start in stride(from: 0, to: source.count, by: channels) {
          for group in 0..<groups {
            for index in 0..<size { target[start + index * groups + group] = source[start + group * size + index] }
          }
        }
      }
    }
    return result
  }
}
