import Foundation
import ModelFormats
import NeuralNetwork
import Tensors

/// The models that can be opened by name.
public enum ModelZoo {
  /// The model that opens when nothing is named.
  public static let defaultModel = "efficientnet_lite0"

  /// The embedded models, then torchvision's architectures.
  public static let list: [ModelListing] = Architectures.all.map { architecture in
    let card = architecture.card
    return ModelListing(
      name: architecture.name, summary: architecture.summary,
      origin: architecture.isEmbedded ? .embedded : .architecture,
      inputShape: [card.preprocessing.color.channels, card.side, card.side], classes: card.classes,
      defaultComposite: card.composite, defaultCanonizers: card.canonizers)
  }

  /// What the user says about a model beyond its name.
  public struct Options: Sendable {
    /// A safetensors or PyTorch file with the architecture's parameters; without it, embedded models use their own and
    /// others draw ``SeededParameters``.
    public var weights: String?
    /// Outputs of the last layer; without it, as many as the weights have, else the architecture's usual number.
    public var classes: Int?
    /// For random parameters.
    public var seed: UInt64
    /// The path of a model card for a file, instead of the one beside it.
    public var card: String?
    /// The output that is explained, of files that have several.
    public var output: String?
    /// The user's own models.
    public var registry: ModelRegistry

    public init(
      weights: String? = nil, classes: Int? = nil, seed: UInt64 = 0, card: String? = nil,
      output: String? = nil, registry: ModelRegistry = ModelRegistry()
    ) {
      self.weights = weights
      self.classes = classes
      self.seed = seed
      self.card = card
      self.output = output
      self.registry = registry
    }
  }

  /// Opens a model.
  /// - Parameters:
  ///   - name: one of ``list``; a model that the user has registered; or a path: of an ONNX file, which brings its own
  ///     parameters, of parameters with a card beside them, or of a card. What neither file nor card says is guessed.
  ///   - weights: see ``Options``.
  /// - Throws: ``ModelZooError``, `ModelFormatError` or `FileError`, naming model, file and parameter.
  public static func load(
    _ name: String = defaultModel, weights: String? = nil, classes: Int? = nil, seed: UInt64 = 0
  ) throws -> Model {
    try load(name, options: Options(weights: weights, classes: classes, seed: seed))
  }

  /// Opens a model; see ``load(_:weights:classes:seed:)``.
  public static func load(_ name: String, options: Options) throws -> Model {
    if let architecture = Architectures.named(name) {
      return try ArchitectureModel.load(architecture, name: name, options: options)
    }
    if let path = options.registry.cardPath(of: name) {
      return try ModelFile.load(
        card: CardFile(contentsOf: path, isRegistered: true), name: name, options: options)
    }
    if ModelFile.isNamed(by: name) { return try ModelFile.load(name, options: options) }
    try ModelFile.checkEnding(of: name)
    throw unknown(name, registry: options.registry)
  }

  /// The line of the list of models for a name, of a path too.
  /// - Throws: ``ModelZooError/unknownModel(name:nearest:known:)``.
  public static func listing(of name: String, registry: ModelRegistry = ModelRegistry()) throws -> ModelListing {
    if let listing = (list + registry.list).first(where: { $0.name == name }) { return listing }
    guard ModelFile.isNamed(by: name) else { throw unknown(name, registry: registry) }
    return ModelListing(name: name, file: name)
  }

  /// The graph of one of ``list``, whose numbers are undefined, and the parameters that weights for it must have.
  package static func outline(_ name: String) throws -> (network: Network, parameters: [String: Shape]) {
    guard let architecture = Architectures.named(name) else { throw unknown(name, registry: ModelRegistry()) }
    let parameters = DeclaredParameters()
    var builder = ModelBuilder(name: name, parameters: parameters)
    try architecture.build(&builder, classes: architecture.card.classes)
    return (try builder.build(), parameters.shapes)
  }

  private static func unknown(_ name: String, registry: ModelRegistry) -> ModelZooError {
    let known = list.map(\.name) + registry.names
    if let other = Architectures.relative(of: name) { return .otherModel(name: name, known: other) }
    let tags = TimmModel.names(like: name)
    return .unknownModel(
      name: name, nearest: Spelling.nearest(to: name, among: known + tags), known: tags.isEmpty ? known : tags)
  }
}
