import ModelFormats
import NeuralNetwork
import Tensors

/// Parameters from a safetensors or PyTorch file, each unless it is large checked for finite values.
///
/// Large parameters stay on the disk until they are used; what is not finite in them shows in the output.
struct StoredParameters: ParameterSource {
  let file: any ParameterFile
  let model: String
  /// The file's entry for each parameter, with numbers for its shape.
  private let entries: [String: ParameterEntry]
  /// Numbers from which on a parameter is not read at opening: a megabyte.
  private static let large = 1 << 18

  /// - Throws: ``ModelZooError`` if the file's tensors are not those that the architecture asks for.
  init(
    file: any ParameterFile, names: ParameterNames, declared: DeclaredParameters, architecture: any Architecture
  ) throws {
    if let mismatch = ParameterMismatch(names, declared: declared, classifier: architecture.classifier) {
      throw ModelZooError.otherParameters(file: file.path, model: architecture.name, mismatch: mismatch)
    }
    self.file = file
    model = architecture.name
    entries = names.entries
  }

  mutating func parameter(_ name: String, _ shape: Shape, _ role: ParameterRole) throws -> Tensor {
    guard let entry = entries[name], entry.shape.holds(shape) else {
      preconditionFailure("'\(name)' was not declared as it is asked for")
    }
    let tensor = try file.tensor(entry).viewed(as: shape, layout: .rowMajor)
    guard tensor.count >= Self.large || tensor.isFinite else {
      throw wrong(entry.name, "values that are not finite (NaN or infinite)", "finite numbers")
    }
    if role == .runningVariance, tensor.minimum() < 0 {
      throw wrong(entry.name, "a negative variance (\(tensor.minimum()))", "numbers of at least 0")
    }
    return tensor
  }

  private func wrong(_ name: String, _ found: String, _ expected: String) -> ModelZooError {
    .parameterValue(file: file.path, model: model, name: name, found: found, expected: expected)
  }

  /// Call when the network is built.
  /// - Throws: `FileError` if the file was overwritten meanwhile.
  func finish() throws { try file.checkUnchanged() }
}
