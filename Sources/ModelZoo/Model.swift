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
}

/// A line of the list of models.
public struct ModelListing: Sendable, Equatable {
  public let name: String
  public let summary: String
  /// Whether the program brings trained parameters along; else `--weights` gives them, or they are random.
  public let isEmbedded: Bool
  /// `(C, H, W)`.
  public let inputShape: [Int]
  /// The number of classes unless weights or `--classes` say otherwise.
  public let classes: Int
  public let defaultComposite: String
  public let defaultCanonizers: [String]
}
