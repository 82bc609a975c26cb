import Tensors

/// Adds rows at both ends of each spatial axis, or cuts them off where the number is negative.
public struct SpatialPadding: Hashable, Sendable {
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

  public var mode: Mode
  /// Rows before the first one, per spatial axis.
  public var begin: [Int]
  /// Rows after the last one, per spatial axis.
  public var end: [Int]

  public init(_ mode: Mode = .constant(0), begin: [Int], end: [Int]) {
    self.mode = mode
    self.begin = begin
    self.end = end
  }

  private static let name = "padding"

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

  /// The shape of the result for an input `(N, C, spatial…)`.
  public func outputShape(input: Shape) throws -> Shape {
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

  /// Per axis (three of them, missing ones in front), where each output index is read from.
  /// - Precondition: ``outputShape(input:)`` has found nothing wrong.
  private func maps(_ input: Shape) -> [[Int]] {
    let maps = begin.indices.map { sources(extent: input[$0 + 2], begin: begin[$0], end: end[$0]) }
    return (maps.count..<3).map { _ in [0] } + maps
  }

  /// Input position (in rows of C elements) of each output position of one sample, or −1.
  private func positions(_ maps: [[Int]], _ input: Shape) -> [Int] {
    let extents = (begin.count..<3).map { _ in 1 } + input.spatial
    var positions: [Int] = []
    positions.reserveCapacity(maps.reduce(1) { $0 * $1.count })
    for d in maps[0] {
      for h in maps[1] {
        for w in maps[2] {
          positions.append(min(d, h, w) < 0 ? -1 : (d * extents[1] + h) * extents[2] + w)
        }
      }
    }
    return positions
  }

  /// The result `(N, C, spatial…)` for an input `(N, C, spatial…)`.
  public func forward(_ input: Tensor) throws -> Tensor {
    let output = try outputShape(input: input.shape)
    let positions = positions(maps(input.shape), input.shape)
    let (channels, size) = (input.shape.channels, input.shape.spatialCount)
    let input = input.converted(to: .channelsLast)
    let source = UncheckedPointer(input.unsafeAddress)
    var result = Tensor(uninitialized: output)
    var filling: Float = 0
    if case .constant(let value) = mode { filling = value }
    let constant = filling
    result.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress, channels > 0 else { return }
      let target = UncheckedMutablePointer(base)
      parallelFor(buffer.count / channels, grain: max(1, Parallelism.grain / channels)) { range in
        for index in range {
          let (sample, output) = index.quotientAndRemainder(dividingBy: positions.count)
          let to = target.pointer + index &* channels
          if positions[output] < 0 {
            for c in 0..<channels { to[c] = constant }
          } else {
            to.update(from: source.pointer + (sample * size + positions[output]) * channels, count: channels)
          }
        }
      }
    }
    withExtendedLifetime(input) {}
    return result
  }

  /// The vector-Jacobian product `Jᵀ seed`: every row gets back what its copies received.
  public func vjp(_ seed: Tensor, inputShape: Shape) throws -> Tensor {
    let output = try outputShape(input: inputShape)
    guard seed.shape == output else {
      throw ComputeError.shape(
        operation: "gradient of padding", found: seed.shape, expected: "\(output) for an input of \(inputShape)")
    }
    let positions = positions(maps(inputShape), inputShape)
    let (channels, size) = (inputShape.channels, inputShape.spatialCount)
    let seed = seed.converted(to: .channelsLast)
    let source = UncheckedPointer(seed.unsafeAddress)
    var result = Tensor.zeros(inputShape)
    result.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      let target = UncheckedMutablePointer(base)
      parallelFor(channels, grain: max(16, Parallelism.grain / max(1, buffer.count / max(1, channels)))) { part in
        for sample in 0..<inputShape.batch {
          for (output, position) in positions.enumerated() where position >= 0 {
            let from = source.pointer + (sample &* positions.count &+ output) &* channels
            let to = target.pointer + (sample &* size &+ position) &* channels
            for c in part { to[c] += from[c] }
          }
        }
      }
    }
    withExtendedLifetime(seed) {}
    return result
  }
}
