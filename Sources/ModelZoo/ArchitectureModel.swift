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
    var notes: [String] = []
    let origin: Model.Weights
    let count: Int
    let embedded = usesEmbedded ? try AssetLocator().path("models/\(architecture.parametersName).safetensors") : nil
    if let path = options.weights ?? embedded {
      let file = try ParameterFiles.open(path: path)
      var declared = try DeclaredParameters(architecture, classes: classes ?? usual)
      let names = ParameterNames(
        declared.names, in: file, publishedNames: { architecture.publishedNames($0) },
        unusedModules: architecture.unusedModules)
      count = classes ?? storedClasses(of: architecture, names) ?? usual
      if count != classes ?? usual { declared = try DeclaredParameters(architecture, classes: count) }
      origin = usesEmbedded ? .embedded : .file(path)
      // What is not stored as float32 is converted.
      let converted = names.entries.values.lazy.filter { $0.type != .float32 }.map { 4 * Double($0.shape.count) }
      try MemoryRoom.check(converted.reduce(0, +), for: "\(name) with the parameters in \(path)")
      notes = (file.notes + [names.notice].compactMap { $0 }).map { "\(path): \($0)" }
      builder = ModelBuilder(
        name: name,
        parameters: try StoredParameters(file: file, names: names, declared: declared, architecture: architecture))
    } else {
      count = classes ?? usual
      origin = .seeded(options.seed)
      if MemoryRoom.isLimited {
        let shapes = try DeclaredParameters(architecture, classes: count).shapes.values
        let bytes = shapes.reduce(0.0) { $0 + 4 * Double($1.count) }
        try MemoryRoom.check(bytes, for: "\(name) with random parameters")
      }
      builder = ModelBuilder(name: name, parameters: SeededParameters(seed: options.seed))
    }
    try architecture.build(&builder, classes: count)
    let network = try builder.build().declaring(card?.meaning)
    let merging = CardMerging(
      name: name, summary: architecture.summary, template: architecture.card, file: card,
      architecture: architecture.name, classes: count)
    return Model(card: try merging.card(), network: network, weights: origin, notes: notes)
  }

  /// The number of classes that the weights of the last layer speak of.
  private static func storedClasses(of architecture: any Architecture, _ names: ParameterNames) -> Int? {
    guard let shape = names.entries[architecture.classifier + ".weight"]?.shape,
      // A convolution of 1x1 may take the place of a fully connected layer.
      shape.rank >= 2, shape.dimensions.dropFirst(2).allSatisfy({ $0 == 1 }), CardReader.classRange.contains(shape[0])
    else {
      return nil
    }
    return shape[0]
  }
}
