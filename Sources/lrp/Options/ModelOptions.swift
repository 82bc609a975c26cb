import ArgumentParser
import ModelZoo

/// Which model, with which parameters.
struct ModelOptions: ParsableArguments {
  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "An embedded model, a torchvision architecture ('lrp models' lists them) or an ONNX file.", valueName: "name"))
  var model: String?

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "Parameters: a safetensors or PyTorch (.pth) file with the model's names. Embedded models bring theirs; "
        + "without a file, the others get random ones.", valueName: "file"))
  var weights: String?

  @Option(help: ArgumentHelp("How many classes the model has.", valueName: "count"))
  var classes: Int?

  @Option(help: ArgumentHelp("Seeds random parameters and noise.", valueName: "number"))
  var seed: UInt64 = 0

  mutating func validate() throws {
    if let classes, classes < 1 { throw ValidationError("--classes: \(classes) found, at least 1 expected") }
  }

  var name: String { model ?? ModelZoo.defaultModel }

  /// Opens the model; says on standard error if its parameters are random.
  /// - Parameter quietly: for commands that only look at the layers.
  func load(quietly: Bool = false) throws -> Model {
    let model = try ModelZoo.load(name, weights: weights, classes: classes, seed: seed)
    if case .seeded(let seed) = model.weights, !quietly {
      StandardError.warn(
        "\(model.card.name) has random parameters (seed \(seed)), because no --weights were given; "
          + "explanations show how rules work, not what a trained network sees")
    }
    return model
  }
}
