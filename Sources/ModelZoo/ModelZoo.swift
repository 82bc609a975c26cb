import Foundation
import ModelFormats
import NeuralNetwork
import Tensors

/// The models that can be opened by name.
public enum ModelZoo {
  /// The model that opens when nothing is named.
  public static let defaultModel = "efficientnet_lite0"

  /// How many classes a network may have.
  private static let classRange = 1...100_000

  /// The embedded models, then torchvision's architectures.
  public static let list: [ModelListing] = Architectures.all.map { architecture in
    let card = architecture.card
    return ModelListing(
      name: architecture.name, summary: architecture.summary, isEmbedded: architecture.isEmbedded,
      inputShape: [card.preprocessing.color.channels, card.side, card.side], classes: card.classes,
      defaultComposite: card.composite, defaultCanonizers: card.canonizers)
  }

  /// Opens a model.
  /// - Parameters:
  ///   - name: one of ``list``, or the path of an ONNX file (`.onnx`), which brings its own parameters.
  ///   - weights: a safetensors or PyTorch file with the architecture's parameters; without it, embedded models use
  ///     their own and others draw ``SeededParameters``.
  ///   - classes: outputs of the last layer; without it, as many as the weights have, else the architecture's usual
  ///     number.
  ///   - seed: for random parameters.
  /// - Throws: ``ModelZooError``, `ModelFormatError` or `FileError`, naming model, file and parameter.
  public static func load(
    _ name: String = defaultModel, weights: String? = nil, classes: Int? = nil, seed: UInt64 = 0
  ) throws -> Model {
    if ONNXModel.isNamed(by: name) { return try ONNXModel.load(name, weights: weights, classes: classes) }
    guard let architecture = Architectures.all.first(where: { $0.name == name }) else {
      let known = list.map(\.name)
      throw ModelZooError.unknownModel(
        name: name, nearest: Spelling.nearest(to: name, among: known), known: known)
    }
    if let classes, !classRange.contains(classes) {
      throw ModelZooError.badOption(
        model: name, problem: "\(classes) classes found, 1 to \(classRange.upperBound) expected")
    }
    let assets = Result { try AssetLocator() }
    let usual = architecture.card.classes
    let usesEmbedded = architecture.isEmbedded && weights == nil && (classes ?? usual) == usual
    if architecture.isEmbedded, weights == nil, !usesEmbedded {
      throw ModelZooError.badOption(
        model: name,
        problem: "the embedded weights have \(usual) classes, \(classes ?? usual) are asked for;"
          + " leave --classes out or give --weights")
    }

    var builder: ModelBuilder
    let origin: Model.Weights
    let count: Int
    if let path = try weights ?? (usesEmbedded ? assets.get().path("models/\(name).safetensors") : nil) {
      let file = try ParameterFiles.open(path: path)
      count = classes ?? storedClasses(of: architecture, in: file) ?? usual
      origin = usesEmbedded ? .embedded : .file(path)
      let parameters = StoredParameters(
        file: file, model: name, publishedName: { architecture.publishedName($0) })
      builder = ModelBuilder(name: name, parameters: parameters)
    } else {
      count = classes ?? usual
      origin = .seeded(seed)
      builder = ModelBuilder(name: name, parameters: SeededParameters(seed: seed))
    }
    try architecture.build(&builder, classes: count)
    let network = try builder.build()
    let labels = try? assets.get().labels(architecture.card.labels)
    let card = architecture.card.card(name: name, summary: architecture.summary, classes: count, labels: labels)
    return Model(card: card, network: network, weights: origin)
  }

  /// The number of classes that the weights of the last layer speak of.
  private static func storedClasses(of architecture: any Architecture, in file: any ParameterFile) -> Int? {
    let name = architecture.classifier + ".weight"
    guard let shape = (file.entry(name) ?? architecture.publishedName(name).flatMap { file.entry($0) })?.shape,
      shape.rank == 2,
      classRange.contains(shape[0])
    else {
      return nil
    }
    return shape[0]
  }
}
