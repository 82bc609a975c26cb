import Foundation
import Tensors

/// A sum, norm or extremum over some axes of each sample, in a model's code: no module.
public struct Reduction: Layer {
  public enum Operation: String, Sendable, CaseIterable {
    case sum = "Sum"
    case mean = "Mean"
    case product = "Product"
    case maximum = "Max"
    case minimum = "Min"
    case absoluteSum = "L1 norm"
    case euclideanNorm = "L2 norm"
    case sumOfSquares = "Sum of squares"
    case logarithmOfSum = "Log of sum"
    case logarithmOfExponentials = "LogSumExp"
  }

  public var kind: LayerKind { .reduction }
  public var summary: String { "\(operation.rawValue) over axes \(axes.map(String.init).joined(separator: " "))" }
  public let operation: Operation
  /// Any but the batch's, in ascending order.
  public let axes: [Int]
  /// Whether the axes stay, with an extent of 1.
  public let keepsAxes: Bool

  /// - Throws: ``LayerError`` if the axes are not in ascending order, or the batch's is among them.
  public init(_ operation: Operation, axes: [Int], keepsAxes: Bool) throws {
    guard !axes.isEmpty, axes[0] > 0, zip(axes, axes.dropFirst()).allSatisfy({ $0 < $1 }) else {
      throw LayerError("axes \(axes) found, some of each sample's own in ascending order expected")
    }
    (self.operation, self.axes, self.keepsAxes) = (operation, axes, keepsAxes)
  }

  public var traits: LayerTraits {
    LayerTraits(
      linearity: isLinear ? .linear : .nonlinear, signs: operation.signs,
      axes: keepsAxes ? .kept(nil) : .fewer(axes.count),
      isFunctional: true, isSampleWise: true,
      isWeightedSum: false, isIdentity: false)
  }
  public func flops(inputs: [Shape], output: Shape) -> Double { inputs.elementCount }
  public var tensors: [Tensor] { [] }
  public var secondOrder: SecondOrder { isLinear ? .affine(self) : .unavailable }
  private var isLinear: Bool { operation == .sum || operation == .mean }

  public func outputShape(for inputs: [Shape]) throws -> Shape {
    let kept = try kept(inputs.only())
    return keepsAxes ? kept : Shape(kept.dimensions.indices.filter { !axes.contains($0) }.map { kept[$0] })
  }

  /// The shape with extents of 1.
  private func kept(_ shape: Shape) throws -> Shape {
    guard let last = axes.last, last < shape.rank, axes.allSatisfy({ shape[$0] > 0 }) else {
      throw LayerError("an input of shape \(shape) found, elements along the axes \(axes) expected")
    }
    return Shape(shape.dimensions.indices.map { axes.contains($0) ? 1 : shape[$0] })
  }

  public func forward(_ inputs: [Tensor]) throws -> Tensor {
    let input = try inputs.only()
    let small = try kept(input.shape)
    let source = input.converted(to: .rowMajor)
    var results = [Double](repeating: operation.start, count: small.count)
    source.withUnsafeBufferPointer { x in
      forEachPair(of: input.shape, with: small) { results[$1] = operation.combine(results[$1], Double(x[$0])) }
      switch operation {
      case .mean:
        let length = Double(input.count / max(1, small.count))
        for index in results.indices { results[index] /= length }
      case .euclideanNorm: for index in results.indices { results[index] = results[index].squareRoot() }
      case .logarithmOfSum: for index in results.indices { results[index] = log(results[index]) }
      case .logarithmOfExponentials:
        let largest = results
        var sums = [Double](repeating: 0, count: small.count)
        forEachPair(of: input.shape, with: small) { sums[$1] += exp(Double(x[$0]) - largest[$1]) }
        for index in results.indices { results[index] = largest[index] + log(sums[index]) }
      default: break
      }
    }
    return Tensor(try outputShape(for: [input.shape]), rowMajor: results.map { Float($0) })
  }

  public func vjp(_ seed: Tensor, inputs: [Tensor], output: Tensor) throws -> [Tensor] {
    let input = try inputs.only()
    let small = try kept(input.shape)
    let (seeds, y) = (seed.rowMajorElements(), output.rowMajorElements())
    let x = input.rowMajorElements()
    var result = [Float](repeating: 0, count: x.count)
    switch operation {
    case .maximum, .minimum:
      // The first of equal ones takes all.
      var isTaken = [Bool](repeating: false, count: small.count)
      forEachPair(of: input.shape, with: small) {
        guard !isTaken[$1], x[$0] == y[$1] else { return }
        isTaken[$1] = true
        result[$0] = seeds[$1]
      }
    case .product:
      var zeros = [Int](repeating: 0, count: small.count)
      var others = [Double](repeating: 1, count: small.count)
      forEachPair(of: input.shape, with: small) {
        if x[$0] == 0 { zeros[$1] += 1 } else { others[$1] *= Double(x[$0]) }
      }
      forEachPair(of: input.shape, with: small) {
        guard zeros[$1] == 0 || zeros[$1] == 1 && x[$0] == 0 else { return }
        result[$0] = Float(Double(seeds[$1]) * others[$1] / (x[$0] == 0 ? 1 : Double(x[$0])))
      }
    case .mean:
      let length = Float(input.count / max(1, small.count))
      forEachPair(of: input.shape, with: small) { result[$0] = seeds[$1] / length }
    default:
      forEachPair(of: input.shape, with: small) {
        result[$0] = seeds[$1] == 0 ? 0 : seeds[$1] * operation.slope(x[$0], y[$1])
      }
    }
    return [Tensor(input.shape, rowMajor: result)]
  }
}

extension Reduction.Operation {
  fileprivate var signs: LayerTraits.Signs {
    switch self {
    case .absoluteSum, .euclideanNorm, .sumOfSquares: .nonnegative
    case .logarithmOfSum, .logarithmOfExponentials: .unknown
    case .sum, .mean, .product, .maximum, .minimum: .keepsNonnegative
    }
  }

  fileprivate var start: Double {
    switch self {
    case .product: 1
    case .maximum, .logarithmOfExponentials: -.infinity
    case .minimum: .infinity
    default: 0
    }
  }

  fileprivate func combine(_ sum: Double, _ x: Double) -> Double {
    switch self {
    case .sum, .mean, .logarithmOfSum: sum + x
    case .product: sum * x
    case .maximum, .logarithmOfExponentials: x.isNaN ? x : sum.isNaN ? sum : max(sum, x)
    case .minimum: x.isNaN ? x : sum.isNaN ? sum : min(sum, x)
    case .absoluteSum: sum + abs(x)
    case .euclideanNorm, .sumOfSquares: sum + x * x
    }
  }

  /// The derivative for an element `x` with the result `y`.
  fileprivate func slope(_ x: Float, _ y: Float) -> Float {
    switch self {
    case .absoluteSum: x > 0 ? 1 : x < 0 ? -1 : 0
    case .euclideanNorm: y == 0 ? 0 : x / y
    case .sumOfSquares: 2 * x
    case .logarithmOfSum: exp(-y)
    case .logarithmOfExponentials: exp(x - y)
    default: 1
    }
  }
}
