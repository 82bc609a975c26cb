import LRP
import Tensors
import YAMLFiles

/// A rule as it stands in an entry of a map: `rule: Gamma, gamma: 0.25, stabilizer: 1e-6`.
enum RuleText {
  /// The rule's name and all its parameters, defaults too, so that a file means the same whatever the defaults become.
  static func fields(of rule: any Rule) -> String {
    var fields = ["rule: \(YAMLText.scalar(rule.name))"]
    for parameter in rule.parameters where parameter.value != .keys([]) {
      fields.append("\(parameter.name): \(value(parameter.value))")
    }
    return fields.joined(separator: ", ")
  }

  private static func value(_ value: ParameterValue) -> String {
    switch value {
    case .number(let number): return NumberText.text(number)
    case .stabilizer(let stabilizer): return text(stabilizer)
    case .bound(.scalar(let number)): return NumberText.text(number)
    case .bound(.perChannel(let numbers)): return YAMLText.list(numbers.map(NumberText.text))
    case .bound(.tensor(let tensor)): return nested(tensor)
    case .keys(let keys): return YAMLText.list(keys.sorted().map(\.rawValue))
    }
  }

  private static func text(_ stabilizer: Stabilizer) -> String {
    // Not readable, so that whoever writes a file learns that it cannot hold a function.
    if let function = stabilizer.function { return YAMLText.scalar(function.name) }
    if stabilizer.isPlain { return NumberText.text(stabilizer.epsilon) }
    var fields = ["epsilon: \(NumberText.text(stabilizer.epsilon))"]
    if stabilizer.clip { fields.append("clip: true") }
    if stabilizer.normScale { fields.append("norm_scale: true") }
    if let dim = stabilizer.dim { fields.append("dim: \(YAMLText.list(dim.map(String.init)))") }
    return "{" + fields.joined(separator: ", ") + "}"
  }

  /// An array as nested lists, at least two deep, because a single one has a number per channel.
  private static func nested(_ tensor: Tensor) -> String {
    let elements = tensor.rowMajorElements()
    let extents = tensor.shape.rank < 2 ? [1, tensor.count] : tensor.shape.dimensions
    func text(_ axis: Int, _ start: Int, _ count: Int) -> String {
      if axis == extents.count { return NumberText.text(Double(elements[start])) }
      let part = count / max(1, extents[axis])
      return YAMLText.list((0..<extents[axis]).map { text(axis + 1, start + $0 * part, part) })
    }
    return text(0, 0, elements.count)
  }
}
