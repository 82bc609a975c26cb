import NeuralNetwork
import Tensors

/// The value of a rule's parameter, as it stands in a composite file.
public enum ParameterValue: Hashable, Sendable, CustomStringConvertible {
  case number(Double)
  case stabilizer(Stabilizer)
  case bound(Bound)
  case keys(Set<ParameterKey>)

  public var description: String {
    switch self {
    case .number(let number): return Self.short(number)
    case .stabilizer(let stabilizer): return Self.describe(stabilizer)
    case .bound(.scalar(let number)): return Self.short(number)
    case .bound(.perChannel(let numbers)): return "[" + numbers.map(Self.short).joined(separator: ", ") + "]"
    case .bound(.tensor(let tensor)): return "tensor \(tensor.shape)"
    case .keys(let keys): return "[" + keys.sorted().map(\.rawValue).joined(separator: ", ") + "]"
    }
  }

  /// The shortest text that reads back as the same number: `0.25`, `1e-6`, `2`.
  public static func short(_ number: Double) -> String { number.shortestText }

  private static func describe(_ stabilizer: Stabilizer) -> String {
    if let function = stabilizer.function { return function.name }
    if stabilizer.isPlain { return short(stabilizer.epsilon) }
    var parts = ["epsilon: \(short(stabilizer.epsilon))"]
    if stabilizer.clip { parts.append("clip: true") }
    if stabilizer.normScale { parts.append("norm_scale: true") }
    if let dim = stabilizer.dim { parts.append("dim: \(dim)") }
    return "{" + parts.joined(separator: ", ") + "}"
  }
}

/// A limit on pixel values for the zᴮ rule: one number, one per channel, or a tensor of the input's shape.
public enum Bound: Hashable, Sendable {
  case scalar(Double)
  case perChannel([Double])
  case tensor(Tensor)

  public static func == (left: Bound, right: Bound) -> Bool {
    switch (left, right) {
    case (.scalar(let a), .scalar(let b)): return a == b
    case (.perChannel(let a), .perChannel(let b)): return a == b
    case (.tensor(let a), .tensor(let b)):
      return a.sharesMemory(with: b) || (a.shape == b.shape && a.rowMajorElements() == b.rowMajorElements())
    default: return false
    }
  }

  public func hash(into hasher: inout Hasher) {
    switch self {
    case .scalar(let number): hasher.combine(number)
    case .perChannel(let numbers): hasher.combine(numbers)
    case .tensor(let tensor): hasher.combine(tensor.shape)
    }
  }
}

extension Bound: ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral, ExpressibleByArrayLiteral {
  public init(floatLiteral value: Double) { self = .scalar(value) }
  public init(integerLiteral value: Int) { self = .scalar(Double(value)) }
  public init(arrayLiteral elements: Double...) { self = .perChannel(elements) }
}
