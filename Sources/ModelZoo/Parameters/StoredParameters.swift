import ModelFormats
import NeuralNetwork
import Tensors

/// Parameters from a safetensors or PyTorch file, each checked for its shape, and unless it is large for finite values.
///
/// Large parameters stay on the disk until they are used; what is not finite in them shows in the output.
struct StoredParameters: ParameterSource {
  let file: any ParameterFile
  let model: String
  /// Another name that a parameter may have in the file.
  private let publishedName: @Sendable (String) -> String?
  /// Modules of which the file may have parameters that nobody asks for.
  private let unusedModules: [String]
  private var used = Set<String>()
  private var missing: [String] = []
  /// Numbers from which on a parameter is not read at opening: a megabyte.
  private static let large = 1 << 18

  init(
    file: any ParameterFile, model: String, publishedName: @escaping @Sendable (String) -> String? = { _ in nil },
    unusedModules: [String] = []
  ) {
    self.file = file
    self.model = model
    self.publishedName = publishedName
    self.unusedModules = unusedModules
  }

  mutating func parameter(_ name: String, _ shape: Shape, _ role: ParameterRole) throws -> Tensor {
    guard let entry = file.entry(name) ?? publishedName(name).flatMap({ file.entry($0) }) else {
      // Go on with zeros, to name everything that is missing at once.
      missing.append(name)
      return .uniform(shape, 0, layout: .rowMajor)
    }
    used.insert(entry.name)
    guard entry.shape == shape else {
      let isClassifier = entry.shape.rank > 0 && entry.shape.dimensions.dropFirst() == shape.dimensions.dropFirst()
      throw ModelZooError.parameterShape(
        file: file.path, model: model, name: name, found: entry.shape, expected: shape,
        advice: isClassifier
          ? "check the number of classes (--classes \(entry.shape[0])) and the architecture"
          : "give weights of this architecture")
    }
    let tensor = try file.tensor(entry)
    guard tensor.count >= Self.large || tensor.isFinite else {
      throw wrong(name, "values that are not finite (NaN or infinite)", "finite numbers")
    }
    if role == .runningVariance, tensor.minimum() < 0 {
      throw wrong(name, "a negative variance (\(tensor.minimum()))", "numbers of at least 0")
    }
    return tensor
  }

  private func wrong(_ name: String, _ found: String, _ expected: String) -> ModelZooError {
    .parameterValue(file: file.path, model: model, name: name, found: found, expected: expected)
  }

  /// Call when the network is built.
  /// - Throws: ``ModelZooError`` if parameters were missing or tensors are left over, `FileError` if the file was
  ///   overwritten meanwhile.
  func finish() throws {
    try file.checkUnchanged()
    let extra = file.entries.map(\.name).filter { name in
      // PyTorch counts training batches; evaluation does not read them.
      !used.contains(name) && !name.hasSuffix(".num_batches_tracked")
        && !unusedModules.contains { name.hasPrefix($0 + ".") }
    }
    if let first = missing.first {
      throw ModelZooError.missingParameters(
        file: file.path, model: model, names: missing, nearest: Spelling.nearest(to: first, among: extra))
    }
    if let first = extra.first {
      throw ModelZooError.unexpectedParameters(
        file: file.path, model: model, names: extra.sorted(), nearest: Spelling.nearest(to: first, among: used))
    }
  }
}
