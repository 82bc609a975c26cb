import Foundation
import NeuralNetwork
import Tensors

/// Keeps a denominator away from zero: `stab(z) = z + ε·sign(z)` with `sign(0) = +1` (Bach et al. 2015, eq. 58).
public struct Stabilizer: Hashable, Sendable, ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral {
  public var epsilon: Double
  /// `sign(z)·max(|z|, ε)` instead of adding.
  public var clip: Bool
  /// ε is first multiplied by the root mean square of `z` over ``dim``.
  public var normScale: Bool
  /// Axes of the mean for ``normScale``; `nil` is all but the batch axis.
  public var dim: [Int]?

  public init(_ epsilon: Double = 1e-6, clip: Bool = false, normScale: Bool = false, dim: [Int]? = nil) {
    self.epsilon = epsilon
    self.clip = clip
    self.normScale = normScale
    self.dim = dim
  }

  public init(floatLiteral value: Double) { self.init(value) }
  public init(integerLiteral value: Int) { self.init(Double(value)) }

  /// A denominator made by a function of one's own instead; all other properties are then without effect.
  public struct Function: Hashable, Sendable {
    /// Shown in summaries. Functions cannot be written to composite files.
    public let name: String
    private let id = UUID()
    let stabilized: @Sendable (Tensor) throws -> Tensor

    init(name: String, _ stabilized: @escaping @Sendable (Tensor) throws -> Tensor) {
      self.name = name
      self.stabilized = stabilized
    }

    public static func == (left: Self, right: Self) -> Bool { left.id == right.id }
    public func hash(into hasher: inout Hasher) { hasher.combine(id) }
  }
  /// `nil` for the ready-made ones.
  public private(set) var function: Function?

  /// A stabilizer of one's own.
  /// - Parameters:
  ///   - name: shown in summaries.
  ///   - stabilized: `stab(z)` from `z`, of the same shape, without zeros.
  public init(named name: String, _ stabilized: @escaping @Sendable (_ z: Tensor) throws -> Tensor) {
    self.init(0)
    function = Function(name: name, stabilized)
  }

  /// Whether it is only a number, without variants.
  public var isPlain: Bool { !clip && !normScale && dim == nil && function == nil }

  /// `stab(z)`.
  /// - Throws: ``LRPError`` if ``dim`` names an axis that `z` does not have, or what a function of one's own throws.
  public func callAsFunction(_ z: Tensor) throws -> Tensor {
    if let function { return try function.checked(z) }
    switch try scale(for: z) {
    case .uniform(let epsilon) where clip: return z.map(Stabilized<Clipped>(epsilon: epsilon))
    case .uniform(let epsilon): return z.map(Stabilized<Shifted>(epsilon: epsilon))
    case .elementwise(let scale) where clip: return z.map(with: scale, StabilizedEach<Clipped>())
    case .elementwise(let scale): return z.map(with: scale, StabilizedEach<Shifted>())
    }
  }
}

extension Stabilizer.Function {
  fileprivate func checked(_ z: Tensor) throws -> Tensor {
    let result = try stabilized(z)
    guard result.shape == z.shape else {
      throw LRPError.parameter(
        rule: "Stabilizer", name: name, problem: "a denominator of shape \(result.shape) found, \(z.shape) expected")
    }
    return result.converted(to: z.layout)
  }
}

extension Stabilizer {
  /// `ε` at every element of `z`: one number, or a tensor where it depends on the norm.
  enum Scale {
    case uniform(Float)
    case elementwise(Tensor)
  }

  /// - Throws: ``LRPError`` if ``dim`` names an axis that `z` does not have.
  func scale(for z: Tensor) throws -> Scale {
    guard normScale else { return .uniform(Float(epsilon)) }
    let axes = try averagedAxes(of: z)
    let epsilon = Float(epsilon)
    if axes == Set(1..<max(1, z.shape.rank)) { return .elementwise(rootMeanSquarePerSample(of: z) * epsilon) }
    let (squares, size) = Self.sums(of: z * z, over: axes)
    return .elementwise(squares.map { epsilon * ($0 / Float(size)).squareRoot() })
  }

  /// Sums over the axes of the mean, at every element, and how many elements each of them has.
  func summed(_ tensor: Tensor) throws -> (sums: Tensor, size: Int) {
    Self.sums(of: tensor, over: try averagedAxes(of: tensor))
  }

  private func averagedAxes(of z: Tensor) throws -> Set<Int> {
    let rank = z.shape.rank
    let axes = try (dim ?? Array(1..<max(1, rank))).map { axis in
      guard (-rank..<rank).contains(axis) else {
        throw LRPError.parameter(
          rule: "Stabilizer", name: "dim", problem: "axis \(axis) found, a tensor of \(rank) axes has 0…\(rank - 1)")
      }
      return axis < 0 ? axis + rank : axis
    }
    return Set(axes)
  }

  /// Sums over some axes, expanded to the tensor's own shape.
  private static func sums(of tensor: Tensor, over axes: Set<Int>) -> (sums: Tensor, size: Int) {
    let dimensions = tensor.shape.dimensions
    // Strides of the reduced array, zero along the axes that are summed.
    var strides = [Int](repeating: 0, count: dimensions.count)
    var groups = 1
    for axis in dimensions.indices.reversed() where !axes.contains(axis) {
      strides[axis] = groups
      groups *= dimensions[axis]
    }
    let elements = tensor.rowMajorElements()
    var sums = [Double](repeating: 0, count: groups)
    var owner = [Int](repeating: 0, count: elements.count)
    for flat in elements.indices {
      var (rest, group) = (flat, 0)
      for axis in dimensions.indices.reversed() {
        group += (rest % dimensions[axis]) * strides[axis]
        rest /= dimensions[axis]
      }
      owner[flat] = group
      sums[group] += Double(elements[flat])
    }
    let result = Tensor(tensor.shape, rowMajor: owner.map { Float(sums[$0]) }, layout: tensor.layout)
    return (result, max(1, tensor.count / max(1, groups)))
  }

  /// The usual case, where the samples lie one after the other in any layout.
  private func rootMeanSquarePerSample(of z: Tensor) -> Tensor {
    let size = z.shape.sampleCount
    var result = Tensor(uninitialized: z.shape, layout: z.layout)
    z.withUnsafeBufferPointer { z in
      result.withUnsafeMutableBufferPointer { result in
        for start in stride(from: 0, to: z.count, by: max(1, size)) {
          let range = start..<start + size
          let sum = range.reduce(0.0) { $0 + Double(z[$1]) * Double(z[$1]) }
          result[range].update(repeating: Float((sum / Double(size)).squareRoot()))
        }
      }
    }
    return result
  }

  /// The number that is added with the sign of `z`, if that is all.
  var plainShift: Float? { !clip && !normScale && function == nil ? Float(epsilon) : nil }

  /// `s = R / stab(z)`, zero where `gate` says so.
  package func quotient(
    _ relevance: Tensor, by z: Tensor, gate: Gate = .open, gatedBy output: Tensor
  ) throws -> Tensor {
    guard function == nil, case .uniform(let epsilon) = try scale(for: z) else {
      return Self.quotient(Unchanged.self, relevance, by: try self(z), 0, gate, output)
    }
    return clip
      ? Self.quotient(Clipped.self, relevance, by: z, epsilon, gate, output)
      : Self.quotient(Shifted.self, relevance, by: z, epsilon, gate, output)
  }

  private static func quotient<S: Stabilization>(
    _: S.Type, _ relevance: Tensor, by z: Tensor, _ epsilon: Float, _ gate: Gate, _ output: Tensor
  ) -> Tensor {
    switch gate {
    case .open: relevance.map(with: z, StabilizedQuotient<S>(epsilon: epsilon))
    case .positive: relevance.map(with: z, and: output, GatedQuotient<S>(epsilon: epsilon, sign: 1))
    case .negative: relevance.map(with: z, and: output, GatedQuotient<S>(epsilon: epsilon, sign: -1))
    }
  }

  /// `Σ (stab(z) − z)·s` per sample: what the stabilizer absorbs.
  package func absorbed(seed: Tensor, z: Tensor) throws -> [Double] {
    if let function { return seed.sampleSums(with: try function.checked(z) - z, Product()) }
    let clip = clip
    switch try scale(for: z) {
    case .uniform(let epsilon) where clip: return seed.sampleSums(with: z, ClippedExcess(epsilon: epsilon))
    case .uniform(let epsilon): return seed.sampleSums(with: z, Signed()).map { $0 * Double(epsilon) }
    case .elementwise(let scale):
      let excess = z.map(with: scale) { z, e in (z < 0 ? -1 : 1) * (clip ? Swift.max(0, e - Swift.abs(z)) : e) }
      return seed.sampleSums(with: excess, Product())
    }
  }
}
