import Tensors

/// Notes which parameters an architecture asks for, and gives it numbers that take no memory.
final class DeclaredParameters: ParameterSource {
  private(set) var shapes: [String: Shape] = [:]
  /// The names in the order in which they are asked for.
  private(set) var names: [String] = []

  init() {}

  /// All parameters of `architecture`.
  init(_ architecture: any Architecture, classes: Int) throws {
    var builder = ModelBuilder(name: architecture.name, parameters: self)
    try architecture.build(&builder, classes: classes)
  }

  func parameter(_ name: String, _ shape: Shape, _ role: ParameterRole) -> Tensor {
    if shapes.updateValue(shape, forKey: name) == nil { names.append(name) }
    return .uniform(shape, 1, layout: .rowMajor)
  }

  func finish() {}
}
