import Compute
import Foundation
import NeuralNetwork
import Tensors

extension ONNXImporter {
  /// The layer of an element-wise function, or `nil` if the operator is none.
  mutating func activationLayer(_ node: ONNXNode) throws -> (any Layer)? {
    if let function = Self.functions[node.operation] { return ElementFunction(function) }
    return try elementwise(node).map {
      if case .prelu(let slopes) = $0 { PReLU(slopes: slopes) } else { ActivationLayer($0) }
    }
  }

  private static let functions: [String: ElementFunction.Function] = [
    "Abs": .absolute, "Exp": .exponential, "Log": .logarithm, "Sqrt": .squareRoot, "Reciprocal": .reciprocal,
    "Erf": .errorFunction, "Sin": .sine, "Cos": .cosine, "Sign": .sign, "Floor": .floor, "Ceil": .ceiling,
    "Round": .rounded, "Not": .isZero,
  ]

  private mutating func elementwise(_ node: ONNXNode) throws -> Activation? {
    switch node.operation {
    case "Relu": return .relu
    case "LeakyRelu": return .leakyReLU(slope: node.float("alpha") ?? 0.01)
    case "ThresholdedRelu": return .threshold(threshold: node.float("alpha") ?? 1, value: 0)
    case "Clip": return try clip(node)
    case "HardSwish": return .hardswish
    case "HardSigmoid": return .hardsigmoid
    case "Sigmoid": return .sigmoid
    case "Tanh": return .tanh
    case "Elu": return .elu(alpha: node.float("alpha") ?? 1)
    case "Celu": return .celu(alpha: node.float("alpha") ?? 1)
    case "Selu": return .selu
    case "Softplus": return .softplus()
    case "Mish": return .mish
    case "Shrink":
      let (lambda, bias) = (node.float("lambd") ?? 0.5, node.float("bias") ?? 0)
      guard bias == 0 || bias == lambda else {
        throw Problem(
          "its bias \(bias) is neither 0 nor its threshold \(lambda)", advice: "use torch's Softshrink or Hardshrink")
      }
      return bias == 0 ? .hardshrink(lambda: lambda) : .softshrink(lambda: lambda)
    case "Softsign": return .softsign
    case "Gelu": return .gelu(tanh: node.text("approximate") == "tanh")
    case "PRelu":
      let slopes = try requiredParameter(node, 1)
      let input = shape(of: try activation(node))
      try spend(16 * slopes.count)
      if slopes.count == 1 { return .prelu(slopes: slopes.rowMajorElements()) }
      return .prelu(slopes: try slopes.perChannel(input.channels, axes: input.rank, axis: 1).rowMajorElements())
    default: return nil
    }
  }

  /// HardSigmoid and Selu with other numbers than PyTorch's: an activation and a scaling of each channel.
  mutating func scaledActivation(_ node: ONNXNode) throws -> Bool {
    guard ["HardSigmoid", "Selu"].contains(node.operation) else { return false }
    let source = try activation(node)
    let input = shape(of: source)
    guard input.rank >= 2 else { throw Problem("its input has the shape \(input), and lrp takes (N, C, …)") }
    try spend(64 * input.channels)
    func uniform(_ value: Float) -> Tensor { .uniform([input.channels], value) }
    if node.operation == "HardSigmoid" {
      // The standard's own numbers are not PyTorch's.
      let (alpha, beta) = (node.float("alpha") ?? 0.2, node.float("beta") ?? 0.5)
      if abs(alpha - 1 / 6) < 1e-6, beta == 0.5 { return false }
      let clamp = ActivationLayer(.hardtanh(minimum: 0, maximum: 1))
      let scaled = try affine(
        node, source, weight: uniform(alpha), bias: uniform(beta), as: Part("scale", of: clamp))
      try add(node, clamp, from: [scaled])
    } else {
      let (alpha, gamma) = (node.float("alpha") ?? 1.673_263, node.float("gamma") ?? 1.050_701)
      if abs(alpha - 1.673_263) < 1e-4, abs(gamma - 1.050_701) < 1e-4 { return false }
      let curve = ActivationLayer(.elu(alpha: alpha))
      let curved = try insert(node, curve, from: [source])
      try affine(node, curved, weight: uniform(gamma), bias: nil, as: Part("scale", of: curve))
    }
    return true
  }

  private func clip(_ node: ONNXNode) throws -> Activation {
    func bound(_ name: String, _ index: Int) throws -> Float? {
      if operatorSet < 11 { return node.float(name) }
      guard let constant = try constant(node, index) else { return nil }
      guard let number = constant.number else {
        throw Problem.unsound("its bound has the shape \(constant.shape) and is no single number")
      }
      return number
    }
    let (low, high) = try (bound("min", 1), bound("max", 2))
    let isOpen = high.map { $0 >= .greatestFiniteMagnitude } ?? true
    if low == 0, high == 6 { return .relu6 }
    if low == 0, isOpen { return .relu }
    let (minimum, maximum) = (low ?? -.infinity, high ?? .infinity)
    guard minimum <= maximum else {
      throw Problem.unsound("its lower bound \(minimum) is above its upper bound \(maximum)")
    }
    return .hardtanh(minimum: minimum, maximum: maximum)
  }

  /// `x · sigmoid(x)` and `x · hardsigmoid(x)`, as SiLU and Hardswish are written where the operator set lacks them.
  mutating func fuseGate(_ node: ONNXNode) throws -> Bool {
    guard ["Sigmoid", "HardSigmoid"].contains(node.operation), let next = onlyReader(of: node),
      next.node.operation == "Mul", let output = node.proto.output.first, let input = node.inputs.first,
      next.node.inputs.count == 2, Set(next.node.inputs) == [input, output]
    else {
      return false
    }
    take(next.index)
    let activation: Activation = node.operation == "Sigmoid" ? .silu : .hardswish
    let index = try add(node, ActivationLayer(activation), from: [self.activation(node)])
    try set(next.node.proto.output.first, .node(index))
    return true
  }
}
