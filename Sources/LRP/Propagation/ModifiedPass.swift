import NeuralNetwork
import Tensors

/// A term made concrete at a place: the modified layer and the modified inputs.
struct ModifiedPass {
  let layer: any Layer
  /// Empty if the pass is void.
  let inputs: [Tensor]
  let sign: Float
  /// Nothing was modified, so the layer's own output is this pass's output.
  let isOriginal: Bool
  /// Whether the modified input is anywhere other than zero; where it is not, the product with it is zero, too.
  let contributes: Bool
  /// Moreover nothing is added by the layer itself: the pass is exactly zero and can be left out.
  let isVoid: Bool

  init(of term: Term, at place: RulePlace) throws {
    let original = place.layer
    layer = place.cache.layer(place.index, original, modifiedBy: term.parameters)
    sign = term.sign
    let signs = place.inputs.indices.map { slot in
      term.input.dependsOnSigns ? place.signs(ofInput: slot) : .mixed
    }
    contributes = !signs.allSatisfy { term.input.vanishes(for: $0) }
    let addsNothing = (layer as? any ParameterizedLayer).map { $0.offset == nil } ?? true
    isVoid = !contributes && addsNothing && original.kind.isHomogeneous
    inputs =
      try isVoid
      ? []
      : zip(place.inputs, signs).map { input, signs in
        try term.input.apply(to: input, signs: signs, layer: place.node.name)
      }
    let unchangedInput = !isVoid && zip(place.inputs, inputs).allSatisfy { $0.sharesMemory(with: $1) }
    isOriginal = unchangedInput && term.parameters.isIdentity(for: original)
  }

  func forward() throws -> Tensor { try layer.forward(inputs) }

  func vjp(_ seed: Tensor) throws -> [Tensor] {
    // Affine layers never look at the output; for the others it is that of the modified pass.
    let output = layer.kind.isAffine ? seed : try forward()
    return try layer.vjp(seed, inputs: inputs, output: output)
  }
}

extension RulePlace {
  /// The passes of a group that are not exactly zero.
  func passes(of group: TermGroup) throws -> [ModifiedPass] {
    try group.terms.map { try ModifiedPass(of: $0, at: self) }.filter { !$0.isVoid }
  }
}

extension LayerKind {
  /// Whether `f(0) = 0` follows from a missing offset.
  fileprivate var isHomogeneous: Bool { isAffine && self != .padding }
}

/// Which signs occur in an activation.
public enum Signs: Sendable {
  /// No element is negative.
  case nonnegative
  /// No element is positive.
  case nonpositive
  case mixed
}

extension InputModifier {
  fileprivate var dependsOnSigns: Bool { self == .positive || self == .negative }

  /// Whether the modified input is zero throughout.
  fileprivate func vanishes(for signs: Signs) -> Bool {
    (self == .negative && signs == .nonnegative) || (self == .positive && signs == .nonpositive)
  }

  fileprivate func apply(to input: Tensor, signs: Signs, layer: String) throws -> Tensor {
    switch self {
    case .identity: return input
    case .positive:
      switch signs {
      case .nonnegative: return input
      case .nonpositive: return Tensor.zeros(input.shape)
      case .mixed: return input.positivePart
      }
    case .negative:
      switch signs {
      case .nonnegative: return Tensor.zeros(input.shape)
      case .nonpositive: return input
      case .mixed: return input.negativePart
      }
    case .ones: return Tensor(input.shape, filledWith: 1)
    case .bound(let bound): return try bound.expanded(to: input.shape, layer: layer)
    }
  }
}

extension Bound {
  /// A number for each channel; `nil` for tensors, or where there are numbers for another count of channels.
  func numbers(channels: Int) -> [Float]? {
    switch self {
    case .scalar(let value): [Float](repeating: Float(value), count: channels)
    case .perChannel(let values) where values.count == 1: [Float](repeating: Float(values[0]), count: channels)
    case .perChannel(let values): values.count == channels ? values.map { Float($0) } : nil
    case .tensor: nil
    }
  }

  /// The bound at every element of an input of shape `(N, C, …)`.
  func expanded(to shape: Shape, layer: String) throws -> Tensor {
    switch self {
    case .scalar(let value): return Tensor(shape, filledWith: Float(value))
    case .perChannel(let values):
      guard let channels = numbers(channels: shape.channels) else {
        throw LRPError.rule(
          layer: layer, rule: "ZBox",
          problem: "bounds for \(values.count) channels found, the input \(shape) has \(shape.channels)")
      }
      var result = Tensor(uninitialized: shape)
      result.withUnsafeMutableBufferPointer { buffer in
        for i in buffer.indices { buffer[i] = channels[i % channels.count] }
      }
      return result
    case .tensor(let tensor):
      guard let expanded = tensor.broadcast(to: shape) else {
        throw LRPError.rule(
          layer: layer, rule: "ZBox", problem: "bounds of shape \(tensor.shape) do not fit the input \(shape)")
      }
      return expanded
    }
  }
}

extension Tensor {
  /// Repeats axes of extent 1 to `shape`; missing axes are appended, surplus samples are cut. `nil` if it cannot fit.
  func broadcast(to target: Shape) -> Tensor? {
    let rank = target.rank
    guard shape.rank <= rank, shape.rank > 0 else { return nil }
    var extents = shape.dimensions + [Int](repeating: 1, count: rank - shape.rank)
    if shape.rank == rank, extents[0] > target[0] { extents[0] = target[0] }
    for axis in 0..<rank where extents[axis] != 1 && extents[axis] != target[axis] { return nil }
    let source = rowMajorElements()
    var strides = [Int](repeating: 0, count: rank)
    var step = 1
    for axis in (0..<rank).reversed() {
      strides[axis] = extents[axis] == 1 ? 0 : step
      step *= extents[axis]
    }
    let elements = (0..<target.count).map { flat in
      var (rest, position) = (flat, 0)
      for axis in (0..<rank).reversed() {
        position += (rest % target[axis]) * strides[axis]
        rest /= target[axis]
      }
      return source[position]
    }
    return Tensor(target, rowMajor: elements)
  }
}
