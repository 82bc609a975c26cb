import Foundation
import Tensors

/// Functions of single numbers.
extension ONNXEvaluator {
  mutating func elementwise() throws -> [ONNXArray]? {
    if let function = try unaryFunction() {
      let input = try array(0)
      return [ONNXArray(input.shape, input.floats.map { Float(function(Double($0))) })]
    }
    switch node.operation {
    case "Neg", "Abs", "Sign", "Relu", "Clip", "Not": return [try keepingType()]
    case "IsNaN": return [try predicate { $0.isNaN }]
    case "IsInf":
      let (positive, negative) = (node.integer("detect_positive") != 0, node.integer("detect_negative") != 0)
      return [try predicate { $0.isInfinite && ($0 > 0 ? positive : negative) }]
    case "Add", "Sub", "Mul", "Div", "Mod", "Pow", "Min", "Max", "Sum", "Mean", "PRelu": return [try arithmetic()]
    case "Equal", "Less", "LessOrEqual", "Greater", "GreaterOrEqual", "And", "Or", "Xor": return [try comparison()]
    case "Where": return [try choice()]
    case "DequantizeLinear": return [try dequantized()]
    case "Softmax", "LogSoftmax": return [try softmax()]
    default: return nil
    }
  }

  /// Functions whose result is a floating-point number.
  private func unaryFunction() throws -> ((Double) -> Double)? {
    func alpha(_ usual: Double) -> Double { node.float("alpha").map(Double.init) ?? usual }
    switch node.operation {
    case "Sqrt": return { $0.squareRoot() }
    case "Exp": return { exp($0) }
    case "Log": return { log($0) }
    case "Reciprocal": return { 1 / $0 }
    case "Floor": return { $0.rounded(.down) }
    case "Ceil": return { $0.rounded(.up) }
    case "Round": return { $0.rounded(.toNearestOrEven) }
    case "Sigmoid": return { 1 / (1 + exp(-$0)) }
    case "Tanh": return { tanh($0) }
    case "Erf": return { erf($0) }
    case "Sin": return { sin($0) }
    case "Cos": return { cos($0) }
    case "Tan": return { tan($0) }
    case "Atan": return { atan($0) }
    case "Softplus": return { $0 > 30 ? $0 : log1p(exp($0)) }
    case "Softsign": return { $0 / (1 + abs($0)) }
    case "LeakyRelu":
      let slope = alpha(0.01)
      return { $0 < 0 ? slope * $0 : $0 }
    case "Elu":
      let alpha = alpha(1)
      return { $0 < 0 ? alpha * expm1($0) : $0 }
    case "HardSigmoid":
      let (alpha, beta) = (alpha(0.2), Double(node.float("beta") ?? 0.5))
      return { min(max(alpha * $0 + beta, 0), 1) }
    case "HardSwish": return { $0 * min(max($0 / 6 + 0.5, 0), 1) }
    case "Gelu" where node.text("approximate") != "tanh": return { 0.5 * $0 * (1 + erf($0 / 2.0.squareRoot())) }
    default: return nil
    }
  }

  private mutating func predicate(_ isTrue: (Float) -> Bool) throws -> ONNXArray {
    let input = try array(0)
    return ONNXArray(input.shape, input.floats.map { isTrue($0) ? 1 : 0 })
  }

  /// Functions of integers as of others.
  private mutating func keepingType() throws -> ONNXArray {
    let input = try array(0)
    if node.operation == "Clip" { return try clipped(input) }
    switch input.numbers {
    case .integers(let integers):
      switch node.operation {
      case "Neg": return ONNXArray(input.shape, integers.map { 0 &- $0 })
      case "Abs": return ONNXArray(input.shape, integers.map { $0 < 0 ? 0 &- $0 : $0 })
      case "Sign": return ONNXArray(input.shape, integers.map { $0.signum() })
      case "Not": return ONNXArray(input.shape, integers.map { $0 == 0 ? 1 : 0 })
      default: return ONNXArray(input.shape, integers.map { max($0, 0) })
      }
    case .floats(let floats):
      switch node.operation {
      case "Neg": return ONNXArray(input.shape, floats.map { -$0 })
      case "Abs": return ONNXArray(input.shape, floats.map { abs($0) })
      case "Sign": return ONNXArray(input.shape, floats.map { $0 > 0 ? 1 : $0 < 0 ? -1 : $0 })
      case "Not": return ONNXArray(input.shape, floats.map { $0 == 0 ? 1 : 0 } as [Int])
      default: return ONNXArray(input.shape, floats.map { max($0, 0) })
      }
    }
  }

  private func clipped(_ input: ONNXArray) throws -> ONNXArray {
    let low = operatorSet < 11 ? node.float("min") : constant(1)?.number
    let high = operatorSet < 11 ? node.float("max") : constant(2)?.number
    switch input.numbers {
    case .integers(let integers):
      let bounds = (constant(1)?.integers?.first ?? .min, constant(2)?.integers?.first ?? .max)
      return ONNXArray(input.shape, integers.map { min(max($0, bounds.0), bounds.1) })
    case .floats(let floats):
      return ONNXArray(input.shape, floats.map { min(max($0, low ?? -.infinity), high ?? .infinity) })
    }
  }

  // MARK: Several inputs

  private mutating func arithmetic() throws -> ONNXArray {
    let inputs = try arrays()
    guard var result = inputs.first else { throw Problem("it has no inputs") }
    for next in inputs.dropFirst() { result = try combined(result, next) }
    guard node.operation == "Mean" else { return result }
    let count = Float(inputs.count)
    return ONNXArray(result.shape, result.floats.map { $0 / count })
  }

  private mutating func combined(_ left: ONNXArray, _ right: ONNXArray) throws -> ONNXArray {
    let shape = try common([left, right])
    let (a, b) = (try expanded(left, to: shape), try expanded(right, to: shape))
    if case .integers(let x) = a.numbers, case .integers(let y) = b.numbers {
      return ONNXArray(shape, try zip(x, y).map { try combined($0, $1) })
    }
    let (x, y) = (a.floats, b.floats)
    func result(_ function: (Float, Float) -> Float) -> ONNXArray {
      ONNXArray(shape, zip(x, y).map { function($0, $1) })
    }
    switch node.operation {
    case "Add", "Sum", "Mean": return result(+)
    case "Sub": return result(-)
    case "Mul": return result(*)
    case "Div": return result(/)
    case "Min": return result { $0.isNaN || $1.isNaN ? .nan : min($0, $1) }
    case "Max": return result { $0.isNaN || $1.isNaN ? .nan : max($0, $1) }
    case "Pow": return result { Float(pow(Double($0), Double($1))) }
    case "PRelu": return result { $0 < 0 ? $0 * $1 : $0 }
    default: return result { fmod($0, $1) }
    }
  }

  private func combined(_ x: Int, _ y: Int) throws -> Int {
    let result: (partialValue: Int, overflow: Bool)
    switch node.operation {
    case "Add", "Sum", "Mean": result = x.addingReportingOverflow(y)
    case "Sub": result = x.subtractingReportingOverflow(y)
    case "Mul": result = x.multipliedReportingOverflow(by: y)
    case "Div": result = x.dividedReportingOverflow(by: y)
    case "Min": return min(x, y)
    case "Max": return max(x, y)
    case "Pow":
      let power = pow(Double(x), Double(y)).rounded(.towardZero)
      result = Int(exactly: power).map { ($0, false) } ?? (0, true)
    default:
      result = x.remainderReportingOverflow(dividingBy: y)
      // The remainder has the divisor's sign, unless C's is asked for.
      if !result.overflow, node.integer("fmod") != 1, result.partialValue != 0, (result.partialValue < 0) != (y < 0) {
        return result.partialValue + y
      }
    }
    guard !result.overflow else { throw Problem("its result of \(x) and \(y) is no integer of 64 bits") }
    return result.partialValue
  }

  private mutating func comparison() throws -> ONNXArray {
    let (left, right) = (try array(0), try array(1))
    let shape = try common([left, right])
    let (a, b) = (try expanded(left, to: shape), try expanded(right, to: shape))
    if case .integers(let x) = a.numbers, case .integers(let y) = b.numbers {
      return ONNXArray(shape, zip(x, y).map { holds($0, $1) ? 1 : 0 } as [Int])
    }
    return ONNXArray(shape, zip(a.floats, b.floats).map { holds($0, $1) ? 1 : 0 } as [Int])
  }

  private func holds<Number: Comparable & SignedNumeric>(_ x: Number, _ y: Number) -> Bool {
    switch node.operation {
    case "Equal": x == y
    case "Less": x < y
    case "LessOrEqual": x <= y
    case "Greater": x > y
    case "GreaterOrEqual": x >= y
    case "And": x != 0 && y != 0
    case "Or": x != 0 || y != 0
    default: (x != 0) != (y != 0)
    }
  }

  private mutating func choice() throws -> ONNXArray {
    let inputs = try (0..<3).map { try array($0) }
    let shape = try common(inputs)
    let condition = try expanded(inputs[0], to: shape).floats
    let (first, second) = (try expanded(inputs[1], to: shape), try expanded(inputs[2], to: shape))
    if case .integers(let x) = first.numbers, case .integers(let y) = second.numbers {
      return ONNXArray(shape, condition.indices.map { condition[$0] != 0 ? x[$0] : y[$0] })
    }
    let (x, y) = (first.floats, second.floats)
    return ONNXArray(shape, condition.indices.map { condition[$0] != 0 ? x[$0] : y[$0] })
  }

  // MARK: Along an axis

  /// `(x − zero point) · scale`, with numbers for the whole array or for each index of one axis.
  private mutating func dequantized() throws -> ONNXArray {
    let input = try array(0)
    let rank = input.shape.rank
    func along(_ array: ONNXArray) throws -> ONNXArray {
      if array.count == 1 { return array.reshaped([]) }
      let axis = try axis(node.integer("axis") ?? 1, rank: rank)
      guard array.shape.rank == 1, array.count == input.extents[axis], (node.integer("block_size") ?? 0) == 0 else {
        throw Problem("it scales an array of shape \(input.shape) in blocks, which lrp cannot do")
      }
      var extents = [Int](repeating: 1, count: rank)
      extents[axis] = array.count
      return array.reshaped(Shape(extents))
    }
    let scale = try expanded(along(array(1)), to: input.shape).floats
    let zero = constant(2) == nil ? nil : try expanded(along(array(2)), to: input.shape).floats
    let numbers = input.floats
    return ONNXArray(input.shape, numbers.indices.map { (numbers[$0] - (zero?[$0] ?? 0)) * scale[$0] })
  }

  private mutating func softmax() throws -> ONNXArray {
    let input = try array(0)
    let rank = input.shape.rank
    let axis = try axis(node.integer("axis") ?? (operatorSet < 13 ? 1 : -1), rank: rank)
    // Before operator set 13 all axes from this one on were one.
    let length = operatorSet < 13 ? input.extents[axis...].reduce(1, *) : input.extents[axis]
    let inner = operatorSet < 13 ? 1 : input.extents[(axis + 1)...].reduce(1, *)
    var numbers = input.floats
    guard length > 0 else { return input }
    for line in 0..<numbers.count / length {
      let start = line / inner * inner * length + line % inner
      let places = stride(from: start, to: start + length * inner, by: inner)
      let most = places.map { numbers[$0] }.max() ?? 0
      let sum = places.reduce(0) { $0 + exp(Double(numbers[$1] - most)) }
      for place in places {
        let shifted = Double(numbers[place] - most)
        numbers[place] = Float(node.operation == "Softmax" ? exp(shifted) / sum : shifted - log(sum))
      }
    }
    return ONNXArray(input.shape, numbers)
  }
}
