import NeuralNetwork

/// A network with its parameters and what one needs to know to use it.
public struct Model: Sendable {
  /// Where the parameters came from.
  public enum Weights: Sendable, Equatable {
    /// The program brought them along.
    case embedded
    /// A file.
    case file(String)
    /// Drawn at random; explanations show how rules work, not what a trained network sees.
    case seeded(UInt64)
  }

  public let card: ModelCard
  public let network: Network
  public let weights: Weights
  /// What the user should know of how the parameters were found in their file.
  public var notes: [String] = []
}

extension Model {
  /// What the user should know: what was guessed, and that parameters are random.
  public var warnings: [String] {
    var warnings = card.notices
    if !card.guesses.isEmpty {
      let guessed = CardFile.keys.compactMap { key in card.guesses[key].map { "\(key) (\($0))" } }
      let place =
        card.source.map { "\($0.path) does not say" } ?? "without a card ('lrp models card' prints one to start from)"
      warnings.append("\(card.name): \(place): guessed \(guessed.joined(separator: ", "))")
    }
    warnings += notes
    if case .seeded(let seed) = weights {
      warnings.append(
        "\(card.name) has random parameters (seed \(seed)), because no --weights were given; "
          + "explanations show how rules work, not what a trained network sees")
    }
    return warnings
  }
}

/// A line of the list of models.
public struct ModelListing: Sendable, Equatable {
  public enum Origin: Sendable, Equatable {
    /// The program brings trained parameters along.
    case embedded
    /// `--weights` gives the parameters, or they are random.
    case architecture
    /// The user's own, in this file; `nil` for random parameters.
    case file(String?)
    /// The user's own, whose card cannot be read.
    case unreadable
  }

  public let name: String
  public let summary: String
  public let origin: Origin
  /// `(C, H, W)`; `nil` if that is only known when the model is opened.
  public let inputShape: [Int]?
  /// The number of classes unless weights or `--classes` say otherwise; `nil` as above.
  public let classes: Int?
  public let defaultComposite: String?
  public let defaultCanonizers: [String]

  /// Whether the program brings trained parameters along.
  public var isEmbedded: Bool { origin == .embedded }
}

extension ModelListing {
  init(name: String, card: CardFile) {
    self.init(
      name: name, summary: card.summary ?? "", origin: .file(card.file), inputShape: card.input, classes: card.classes,
      defaultComposite: card.composite, defaultCanonizers: card.canonizers ?? [])
  }

  /// A registered model whose card is wrong.
  init(name: String, problem: String) {
    self.init(
      name: name, summary: problem, origin: .unreadable, inputShape: nil, classes: nil, defaultComposite: nil,
      defaultCanonizers: [])
  }

  /// A model that a path names.
  init(name: String, file: String) {
    self.init(
      name: name, summary: file, origin: .file(file), inputShape: nil, classes: nil, defaultComposite: nil,
      defaultCanonizers: [])
  }
}
