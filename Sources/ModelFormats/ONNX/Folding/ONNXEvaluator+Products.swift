import Foundation
import Tensors

/// Sums of products: matrices, and what einsum writes.
extension ONNXEvaluator {
  mutating func product() throws -> [ONNXArray]? {
    switch node.operation {
    case "MatMul": return [try matrixProduct(array(0), array(1))]
    case "Gemm": return [try gemm()]
    case "Einsum": return [try einsum()]
    default: return nil
    }
  }

  /// An array and how far apart its neighbours are along the axes of the result, then along those that are summed.
  private struct Factor {
    let array: ONNXArray
    let strides: [Int]
  }

  private mutating func contracted(_ factors: [Factor], _ result: [Int], summed: [Int]) throws -> ONNXArray {
    let shape = try room(result)
    guard let whole = Shape(checking: result + summed), whole.count <= 1 << 40 else {
      throw Problem("it multiplies more numbers than lrp does when it opens a model")
    }
    try budget.work(8 * whole.count)
    let length = summed.reduce(1, *)
    let floats = factors.map(\.array.floats)
    var sums = [Double](repeating: 0, count: shape.count)
    var position = 0
    ONNXArray.forEachPlace(result + summed, factors.map(\.strides)) { offsets in
      var product = 1.0
      for (factor, offset) in offsets.enumerated() { product *= Double(floats[factor][offset]) }
      sums[position / length] += product
      position += 1
    }
    if factors.allSatisfy({ !$0.array.isFloat }), case let integers = sums.map({ Int(exactly: $0) }),
      !integers.contains(nil)
    {
      return ONNXArray(shape, integers.compactMap { $0 })
    }
    return ONNXArray(shape, sums.map { Float($0) })
  }

  private mutating func matrixProduct(_ left: ONNXArray, _ right: ONNXArray) throws -> ONNXArray {
    var (a, b) = (left, right)
    if left.shape.rank == 1 { a = left.reshaped([1, left.count]) }
    if right.shape.rank == 1 { b = right.reshaped([right.count, 1]) }
    guard a.shape.rank >= 2, b.shape.rank >= 2, let length = a.extents.last, length == b.extents[b.shape.rank - 2],
      let outer = ONNXArray.broadcast([Shape(a.extents.dropLast(2)), Shape(b.extents.dropLast(2))])
    else {
      throw Problem("it multiplies matrices of shapes \(left.shape) and \(right.shape), which do not fit each other")
    }
    let (rows, columns) = (a.extents[a.shape.rank - 2], b.extents[b.shape.rank - 1])
    func strides(_ array: ONNXArray, isLeft: Bool) -> [Int] {
      let own = Array(ONNXArray.strides(array.extents).suffix(2))
      let count = array.extents.suffix(2).reduce(1, *)
      let before = ONNXArray.strides(Array(array.extents.dropLast(2)), repeatedTo: outer.dimensions).map { $0 * count }
      return before + (isLeft ? [own[0], 0, own[1]] : [0, own[1], own[0]])
    }
    let result = try contracted(
      [Factor(array: a, strides: strides(a, isLeft: true)), Factor(array: b, strides: strides(b, isLeft: false))],
      outer.dimensions + [rows, columns], summed: [length])
    var extents = result.extents
    if right.shape.rank == 1 { extents.removeLast() }
    if left.shape.rank == 1 { extents.remove(at: extents.count - (right.shape.rank == 1 ? 1 : 2)) }
    return result.reshaped(Shape(extents))
  }

  private mutating func gemm() throws -> ONNXArray {
    func matrix(_ index: Int, _ isTransposed: Bool) throws -> ONNXArray {
      let matrix = try array(index)
      guard matrix.shape.rank == 2 else { throw Problem("its input \(index) of shape \(matrix.shape) is no matrix") }
      guard isTransposed else { return matrix }
      let (rows, columns) = (matrix.extents[0], matrix.extents[1])
      return matrix.taking(ONNXArray.places([columns, rows], [1, columns]), as: [columns, rows])
    }
    let product = try matrixProduct(matrix(0, node.integer("transA") == 1), matrix(1, node.integer("transB") == 1))
    let (alpha, beta) = (node.float("alpha") ?? 1, node.float("beta") ?? 1)
    let scaled = product.floats.map { $0 * alpha }
    guard constant(2) != nil else { return ONNXArray(product.shape, scaled) }
    let added = try array(2)
    guard ONNXArray.broadcast([added.shape, product.shape]) == product.shape else {
      throw Problem("it adds an array of shape \(added.shape) to one of \(product.shape)")
    }
    let other = try expanded(added, to: product.shape).floats
    return ONNXArray(product.shape, zip(scaled, other).map { $0 + beta * $1 })
  }

  private mutating func einsum() throws -> ONNXArray {
    guard let equation = ONNXEquation(node.text("equation") ?? "") else {
      throw Problem("lrp does not read its equation '\(printable(node.text("equation") ?? ""))'")
    }
    let factors = try arrays()
    guard factors.count == equation.inputs.count,
      zip(factors, equation.inputs).allSatisfy({ $0.shape.rank == $1.count })
    else {
      throw Problem("its equation does not fit its inputs")
    }
    var extents: [Character: Int] = [:]
    for (array, labels) in zip(factors, equation.inputs) {
      for (label, extent) in zip(labels, array.extents) {
        guard extents[label].map({ $0 == extent || $0 == 1 || extent == 1 }) ?? true else {
          throw Problem("its equation does not fit its inputs: '\(label)' is \(extents[label] ?? 0) and \(extent)")
        }
        if (extents[label] ?? 1) == 1 { extents[label] = extent }
      }
    }
    let labels = equation.output + equation.summed
    let parts = zip(factors, equation.inputs).map { array, own -> Factor in
      let strides = ONNXArray.strides(array.extents)
      return Factor(
        array: array,
        strides: labels.map { label in
          own.indices.reduce(0) { $0 + (own[$1] == label && array.extents[$1] > 1 ? strides[$1] : 0) }
        })
    }
    return try contracted(
      parts, equation.output.map { extents[$0] ?? 1 }, summed: equation.summed.map { extents[$0] ?? 1 })
  }
}

/// An equation of einsum without an ellipsis, such as `nchw,oc->nohw`.
struct ONNXEquation {
  let inputs: [[Character]]
  let output: [Character]
  /// Labels that the output does not have.
  let summed: [Character]

  init?(_ text: String) {
    let plain = text.filter { $0 != " " }
    let sides = plain.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
    inputs = sides[0].split(separator: ",", omittingEmptySubsequences: false).map(Array.init)
    let all = inputs.flatMap { $0 }
    guard all.allSatisfy({ $0.isASCII && $0.isLetter }), all.count <= 64 else { return nil }
    if sides.count == 2 {
      guard sides[1].first == ">" else { return nil }
      output = Array(sides[1].dropFirst())
    } else {
      // Without an arrow: what occurs once, in order.
      output = Set(all).filter { label in all.filter { $0 == label }.count == 1 }.sorted()
    }
    guard Set(output).count == output.count, output.allSatisfy(all.contains) else { return nil }
    var rest: [Character] = []
    for label in all where !output.contains(label) && !rest.contains(label) { rest.append(label) }
    summed = rest
  }
}
