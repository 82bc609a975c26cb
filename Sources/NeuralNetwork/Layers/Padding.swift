import Compute
import Tensors

/// Rows added at both ends of each spatial axis, or cut off where the number is negative.
public struct Padding: Layer {
  /// What the new rows hold.
  public enum Mode: Hashable, Sendable {
    case constant(Float)
    /// The rows inside, mirrored at the first and last one (which are not repeated).
    case reflect
    /// The first and last row.
    case replicate
    /// The rows at the other end.
    case circular
  }

  public var kind: LayerKind { .padding }
  public var summary: String { "Pad \(Extents.text(begin)) \(Extents.text(end))" }
  public let mode: Mode
  /// Rows before the first one, per spatial axis.
  public let begin: [Int]
  /// Rows after the last one.
  public let end: [Int]

  public init(_ mode: Mode = .constant(0), begin: [Int], end: [Int]) {
    (self.mode, self.begin, self.end) = (mode, begin, end)
  }

  public var traits: LayerTraits {
    LayerTraits(
      linearity: constant == 0 ? .linear : .affine, signs: constant >= 0 ? .keepsNonnegative : .unknown,
      axes: .kept(begin.count + 2), isFunctional: false, isSampleWise: true, isWeightedSum: false, isIdentity: false)
  }
  public func flops(inputs: [Shape], output: Shape) -> Double { 0 }
  public var tensors: [Tensor] { [] }
  public var secondOrder: SecondOrder { .affine(constant == 0 ? self : Padding(begin: begin, end: end)) }
  /// What new rows hold beside what they take from others.
  private var constant: Float {
    if case .constant(let value) = mode { value } else { 0 }
  }

  private static let name = "padding"

  public func outputShape(for inputs: [Shape]) throws -> Shape {
    let input = try inputs.only()
    guard (1...3).contains(begin.count), begin.count == end.count, input.rank == begin.count + 2 else {
      throw ComputeError.shape(
        operation: Self.name, found: input, expected: "(N, C" + String(repeating: ", …", count: begin.count) + ")")
    }
    let extents = try begin.indices.map { try extent(of: input[$0 + 2], begin: begin[$0], end: end[$0]) }
    guard let shape = Shape(checking: [input.batch, input.channels] + extents) else {
      throw ComputeError.shape(operation: Self.name, found: input, expected: "a result that fits into memory")
    }
    return shape
  }

  /// The extent of the result along an axis.
  private func extent(of extent: Int, begin: Int, end: Int) throws -> Int {
    let limit = mode == .reflect ? extent - 1 : mode == .circular ? extent : 1 << 20
    guard extent > 0, max(begin, end) <= limit, min(begin, end) > -extent, extent + begin + end > 0 else {
      throw ComputeError.parameter(
        operation: Self.name, name: "(begin, end)", found: "(\(begin), \(end))",
        expected: "at most \(limit) rows at each end of an axis of \(extent), and a row left over")
    }
    return extent + begin + end
  }

  /// For each output index along an axis, the input index it is read from; −1 for the constant.
  private func sources(extent: Int, begin: Int, end: Int) -> [Int] {
    (-begin..<extent + end).map { index in
      if (0..<extent).contains(index) { return index }
      return switch mode {
      case .constant: -1
      case .reflect: index < 0 ? -index : 2 * (extent - 1) - index
      case .replicate: index < 0 ? 0 : extent - 1
      case .circular: (index + extent) % extent
      }
    }
  }

  /// Where each row of a sample of the result is read from.
  /// - Precondition: ``outputShape(for:)`` has found nothing wrong.
  private func positions(_ input: Shape) -> [Int] {
    input.rowPositions(begin.indices.map { sources(extent: input[$0 + 2], begin: begin[$0], end: end[$0]) })
  }

  public func forward(_ inputs: [Tensor]) throws -> Tensor {
    let input = try inputs.only()
    let output = try outputShape(for: [input.shape])
    return input.gatheringRows(positions(input.shape), filling: constant, as: output)
  }

  /// Every row gets back what its copies received.
  public func vjp(_ seed: Tensor, inputs: [Tensor], output: Tensor) throws -> [Tensor] {
    let input = try inputs.only().shape
    let output = try outputShape(for: [input])
    guard seed.shape == output else {
      throw ComputeError.shape(
        operation: "gradient of padding", found: seed.shape, expected: "\(output) for an input of \(input)")
    }
    return [seed.scatteringRows(positions(input), as: input)]
  }
}
