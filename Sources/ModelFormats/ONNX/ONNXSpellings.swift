import Compute
import Foundation
import NeuralNetwork

/// Recognizes activations that exporters write out in several operators, in whatever order: all that is computed of one
/// value alone, element by element with single numbers, is tried at some points and compared with the activations of
/// torch that are written so.
extension ONNXImporter {
  private static let operations: Set<String> = [
    "Abs", "Neg", "Exp", "Log", "Sqrt", "Reciprocal", "Erf", "Tanh", "Sigmoid", "Softplus", "Sign", "Not", "Cast",
    "Identity", "Relu", "Add", "Sub", "Mul", "Div", "Pow", "Max", "Min", "Greater", "Less", "GreaterOrEqual",
    "LessOrEqual", "Equal", "And", "Or", "Where",
  ]
  private static let mostNodes = 12
  private static let points: [Double] = [
    -25, -8, -4.1, -2.9, -1.7, -1, -0.6, -0.3, -0.07, 0, 0.05, 0.2, 0.4, 0.8, 1.3, 2.6, 3.7, 9, 24,
  ]

  /// Makes one layer of the operators from `node` on if together they are an activation of torch.
  /// - Returns: whether they are.
  mutating func fuseActivation(_ node: ONNXNode) throws -> Bool {
    guard Self.operations.contains(node.operation) else { return false }
    let inputs = Set(node.inputs.filter { if case .node = values[$0] { true } else { false } })
    guard inputs.count == 1, let input = inputs.first, let source = try? activation(named: input) else { return false }
    guard let region = region(of: input, from: node) else { return false }
    for end in region.nodes.indices.reversed() {
      let parts = region.ancestors(of: end)
      guard parts.count > 1, parts.contains(0), region.isClosed(parts, end: end, readers: { readers(ofValue: $0) })
      else {
        continue
      }
      guard let found = activation(like: region.results[end], numbers: region.numbers(of: parts)) else { continue }
      for part in parts where part > 0 { take(region.nodes[part].index) }
      let index = try add(node, ActivationLayer(found), from: [source])
      try set(region.nodes[end].node.proto.output.first, .node(index))
      return true
    }
    return false
  }

  /// Operators that compute of one value, with their results at the points.
  private struct Region {
    let input: String
    var nodes: [(index: Int, node: ONNXNode)] = []
    var results: [[Double]] = []
    var constants: [[Double]] = []
    var places: [String: Int] = [:]

    /// The operators that the one at `end` depends on, itself included, in order.
    func ancestors(of end: Int) -> [Int] {
      var found: Set<Int> = [end]
      for place in (0...end).reversed() where found.contains(place) {
        for name in nodes[place].node.inputs { if let source = places[name] { found.insert(source) } }
      }
      return found.sorted()
    }

    /// Whether nothing outside reads what they compute, but for the last one's result.
    func isClosed(_ parts: [Int], end: Int, readers: (String) -> [Int]) -> Bool {
      let indices = Set(parts.map { nodes[$0].index })
      return parts.allSatisfy { part in
        part == end || nodes[part].node.proto.output.allSatisfy { readers($0).allSatisfy(indices.contains) }
      }
    }

    func numbers(of parts: [Int]) -> [Double] { parts.flatMap { constants[$0] } }
  }

  private func region(of input: String, from first: ONNXNode) -> Region? {
    var region = Region(input: input)
    var values = [input: Self.points]
    func next(_ value: String) -> [Int] {
      let readers = readers(ofValue: value)
      return readers.count > Self.mostNodes ? [] : readers
    }
    var open = Set(next(input))
    guard let output = first.proto.output.first, let start = index(ofNodeMaking: output) else { return nil }
    open.insert(start)
    while let index = open.filter({ $0 >= start }).min(), region.nodes.count < Self.mostNodes {
      open.remove(index)
      guard let node = index == start ? first : openNode(index), Self.operations.contains(node.operation),
        node.proto.output.count == 1,
        ["", "ai.onnx"].contains(node.proto.domain), let output = node.proto.output.first
      else { continue }
      var (arguments, numbers): ([[Double]], [Double]) = ([], [])
      for name in node.inputs {
        if let known = values[name] {
          arguments.append(known)
        } else if case .constant(let constant) = self.values[name], let number = constant.number {
          numbers.append(Double(number))
          arguments.append([Double](repeating: Double(number), count: Self.points.count))
        }
      }
      guard arguments.count == node.inputs.count, let result = Self.evaluate(node, arguments) else { continue }
      region.places[output] = region.nodes.count
      region.nodes.append((index, node))
      region.results.append(result)
      region.constants.append(numbers)
      values[output] = result
      open.formUnion(next(output))
    }
    return region.nodes.first.map { $0.index == start } == true ? region : nil
  }

  private static func evaluate(_ node: ONNXNode, _ arguments: [[Double]]) -> [Double]? {
    func unary(_ function: (Double) -> Double) -> [Double]? { arguments.count == 1 ? arguments[0].map(function) : nil }
    func binary(_ function: (Double, Double) -> Double) -> [Double]? {
      arguments.count == 2 ? zip(arguments[0], arguments[1]).map(function) : nil
    }
    switch node.operation {
    case "Identity", "Cast": return unary { $0 }
    case "Abs": return unary { abs($0) }
    case "Neg": return unary { -$0 }
    case "Exp": return unary { exp($0) }
    case "Log": return unary { log($0) }
    case "Sqrt": return unary { $0.squareRoot() }
    case "Reciprocal": return unary { 1 / $0 }
    case "Erf": return unary { erf($0) }
    case "Tanh": return unary { tanh($0) }
    case "Sigmoid": return unary { 1 / (1 + exp(-$0)) }
    case "Softplus": return unary { max($0, 0) + log1p(exp(-abs($0))) }
    case "Sign": return unary { $0 > 0 ? 1 : $0 < 0 ? -1 : 0 }
    case "Relu": return unary { max($0, 0) }
    case "Not": return unary { $0 == 0 ? 1 : 0 }
    case "Add": return binary(+)
    case "Sub": return binary(-)
    case "Mul": return binary(*)
    case "Div": return binary(/)
    case "Pow": return binary { pow($0, $1) }
    case "Max": return binary { max($0, $1) }
    case "Min": return binary { min($0, $1) }
    case "Greater": return binary { $0 > $1 ? 1 : 0 }
    case "Less": return binary { $0 < $1 ? 1 : 0 }
    case "GreaterOrEqual": return binary { $0 >= $1 ? 1 : 0 }
    case "LessOrEqual": return binary { $0 <= $1 ? 1 : 0 }
    case "Equal": return binary { $0 == $1 ? 1 : 0 }
    case "And": return binary { $0 != 0 && $1 != 0 ? 1 : 0 }
    case "Or": return binary { $0 != 0 || $1 != 0 ? 1 : 0 }
    case "Where":
      guard arguments.count == 3 else { return nil }
      return arguments[0].indices.map { arguments[0][$0] != 0 ? arguments[1][$0] : arguments[2][$0] }
    default: return nil
    }
  }

  /// The activation that has those values at the points; its parameters are among the numbers that were read.
  private func activation(like values: [Double], numbers: [Double]) -> Activation? {
    let numbers = Set(numbers.map { Float($0) }.filter(\.isFinite)).sorted()
    var candidates: [Activation] = [
      .silu, .gelu(), .gelu(tanh: true), .mish, .logSigmoid, .softsign, .tanhshrink, .softplus(),
    ]
    for number in numbers where number > 0 {
      candidates += [.softshrink(lambda: number), .hardshrink(lambda: number), .softplus(beta: number)]
    }
    for threshold in numbers.prefix(6) {
      candidates += numbers.prefix(6).map { .threshold(threshold: threshold, value: $0) }
    }
    return candidates.first { candidate in
      zip(Self.points, values).allSatisfy { point, value in
        guard let expected = candidate.value(Double(Float(point))) else { return false }
        return abs(value - expected) <= 1e-5 * max(1e-2, abs(expected))
      }
    }
  }
}

extension Activation {
  /// The value at a point, in double, of those that exporters write out.
  fileprivate func value(_ x: Double) -> Double? {
    func softplus(_ x: Double) -> Double { max(x, 0) + log1p(exp(-abs(x))) }
    switch self {
    case .silu: return x / (1 + exp(-x))
    case .gelu(tanh: false): return 0.5 * x * (1 + erf(x / 2.0.squareRoot()))
    case .gelu(tanh: true):
      return 0.5 * x * (1 + Foundation.tanh((2 / Double.pi).squareRoot() * (x + 0.044715 * x * x * x)))
    case .mish: return x * Foundation.tanh(softplus(x))
    case .logSigmoid: return -softplus(-x)
    case .softsign: return x / (1 + abs(x))
    case .tanhshrink: return x - Foundation.tanh(x)
    case .softplus(let beta, let threshold):
      return x * Double(beta) > Double(threshold) ? x : softplus(x * Double(beta)) / Double(beta)
    case .softshrink(let lambda):
      return x > Double(lambda) ? x - Double(lambda) : x < -Double(lambda) ? x + Double(lambda) : 0
    case .hardshrink(let lambda): return abs(x) <= Double(lambda) ? 0 : x
    case .threshold(let threshold, let value): return x <= Double(threshold) ? Double(value) : x
    default: return nil
    }
  }
}
