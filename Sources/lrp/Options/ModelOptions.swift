import ArgumentParser
import ModelZoo

/// Which model, with which parameters.
struct ModelOptions: ParsableArguments {
  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "A model that 'lrp models' lists (timm's names, as resnet50.a1_in1k, too), or a file: ONNX, a model card, "
        + "parameters with a card beside them.",
      valueName: "name"))
  var model: String?

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "Parameters: a safetensors or PyTorch (.pth) file, or the index of several. Embedded models bring theirs; "
        + "without a file, the others get random ones.", valueName: "file"))
  var weights: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("How many classes the model has.", valueName: "count"))
  var classes: Int?

  @Option(
    help: ArgumentHelp("Which output of an ONNX file that has several is explained, by its name.", valueName: "name"))
  var outputNode: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Seeds random parameters and noise.", valueName: "number"))
  var seed: UInt64 = 0

  mutating func validate() throws {
    if let classes, classes < 1 { throw ValidationError("--classes: \(classes) found, at least 1 expected") }
  }

  var name: String { model ?? ModelZoo.defaultModel }

  /// Opens the model; says on standard error what was guessed, and if its parameters are random.
  /// - Parameter quietly: for commands that only look at the layers.
  func load(quietly: Bool = false) throws -> Model {
    let model = try open(name)
    if !quietly { model.warnings.forEach(StandardError.warn) }
    return model
  }

  /// Opens a model with the options given, and says nothing.
  func open(_ name: String) throws -> Model {
    try ModelZoo.load(
      name, options: .init(weights: weights, classes: classes, seed: seed, output: outputNode))
  }
}
