import ModelFormats
import NeuralNetwork
import Tensors

/// Models that the name of an architecture opens.
enum ArchitectureModel {
  /// - Parameter card: what the user says about the model; `nil` for the architecture's own card.
  /// - Throws: ``ModelZooError``, `ModelFormatError` or `FileError`.
  static func load(
    _ architecture: any Architecture, name: String, card: CardFile? = nil, options: ModelZoo.Options
  ) throws -> Model {
    if let output = options.output {
      throw ModelZooError.badOption(
        model: name, problem: "it has one output; leave out --output-node \(output), which chooses among several")
    }
    if let card, let output = card.output {
      throw card.error("output", "'\(output)' chooses among several outputs, but \(architecture.name) has one")
    }
    let classes = options.classes ?? card?.classes
    if let classes, !CardReader.classRange.contains(classes) {
      throw ModelZooError.badOption(
        model: name, problem: "\(classes) classes found, 1 to \(CardReader.classRange.upperBound) expected")
    }
    let usual = architecture.card.classes
    let usesEmbedded = architecture.isEmbedded && options.weights == nil && (classes ?? usual) == usual
    if architecture.isEmbedded, options.weights == nil, !usesEmbedded {
      throw ModelZooError.badOption(
        model: name,
        problem: "the embedded weights have \(usual) classes, \(classes ?? usual) are asked for;"
          + " leave --classes out or give --weights")
    }

    var builder: ModelBuilder
    let origin: Model.Weights
    let count: Int
    let embedded = usesEmbedded ? try AssetLocator().path("models/\(architecture.parametersName).safetensors") : nil
    if let path = options.weights ?? embedded {
      let file = try ParameterFiles.open(path: path)
      count = classes ?? storedClasses(of: architecture, in: file) ?? usual
      origin = usesEmbedded ? .embedded : .file(path)
      let parameters = StoredParameters(
        file: file, model: architecture.name, publishedName: { architecture.publishedName($0) },
        unusedModules: architecture.unusedModules)
      builder = ModelBuilder(name: name, parameters: parameters)
    } else {
      count = classes ?? usual
      origin = .seeded(options.seed)
      builder = ModelBuilder(name: name, parameters: SeededParameters(seed: options.seed))
    }
    try architecture.build(&builder, classes: count)
    let network = try builder.build().declaring(card?.meaning)
    let merging = CardMerging(
      name: name, summary: architecture.summary, template: architecture.card, file: card,
      architecture: architecture.name, classes: count)
    return Model(card: try merging.card(), network: network, weights: origin)
  }

  /// The number of classes that the weights of the last layer speak of.
  private static func storedClasses(of architecture: any Architecture, in file: any ParameterFile) -> Int? {
    let name = architecture.classifier + ".weight"
    guard let shape = (file.entry(name) ?? architecture.publishedName(name).flatMap { file.entry($0) })?.shape,
      // A convolution of 1x1 may take the place of a fully connected layer.
      shape.rank >= 2, shape.dimensions.dropFirst(2).allSatisfy({ $0 == 1 }), CardReader.classRange.contains(shape[0])
    else {
      return nil
    }
    return shape[0]
  }
}
