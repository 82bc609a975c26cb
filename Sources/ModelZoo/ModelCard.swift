import NeuralNetwork
import Tensors

/// What one needs to know to use a model: its input, its classes, and what explains it well.
public struct ModelCard: Sendable {
  /// `efficientnet_lite0`.
  public let name: String
  /// A few words.
  public let summary: String
  /// The shape of one input, `(C, H, W)`. Torchvision's networks take other sizes too.
  public let inputShape: Shape
  public let preprocessing: Preprocessing
  /// A name for each class.
  public let labels: [String]
  /// Whether the labels are real ones, not just numbers.
  public let hasLabels: Bool
  /// The preset to begin with.
  public let defaultComposite: String
  /// The canonizers the model needs, in order.
  public let defaultCanonizers: [String]
  /// A picture to begin with, among the assets: `images/chelsea.png`.
  public let defaultPicture: String
  /// What it was built as, unless the file itself is the network.
  public let architecture: String?
  /// Which output of a file that has several the network's is.
  public let output: String?
  /// How an ONNX file takes its input; `nil` for the usual way.
  public let layout: CardFile.Layout?
  public let labelSource: CardFile.Labels
  /// The card file that the user gave.
  public let source: CardFile?
  /// Keys of a card file that nobody gave and the model does not tell, with what was guessed for each.
  public let guesses: [String: String]
  /// What was decided for the user: a sentence each.
  public internal(set) var notices: [String]

  /// What black becomes in each channel: ZBox's `low`.
  public var low: [Float] { preprocessing.low }
  /// What white becomes in each channel: ZBox's `high`.
  public var high: [Float] { preprocessing.high }
  public var classes: Int { labels.count }

  /// The class that a text names: its number, or its label without regard to case.
  /// - Throws: ``ModelZooError/unknownClass(text:model:classes:nearest:)``.
  public func classIndex(_ text: String) throws -> Int {
    if let number = Int(text), labels.indices.contains(number) { return number }
    if let exact = labels.firstIndex(of: text) { return exact }
    let wanted = text.lowercased()
    let matches = labels.indices.filter { labels[$0].lowercased() == wanted }
    if let match = matches.first { return match }
    throw ModelZooError.unknownClass(
      text: text, model: name, classes: classes, nearest: Spelling.nearest(to: text, among: labels))
  }
}

/// The part of a card that the architecture alone decides.
struct CardTemplate: Sendable {
  var side: Int
  var preprocessing: Preprocessing
  /// File under `labels` that applies if the model has as many classes as it has lines.
  var labels: String
  var classes: Int
  var composite: String
  var canonizers: [String]
  var picture: String

  /// torchvision's ImageNet models: the shortest side to 256, centre 224, ImageNet's mean and deviation, unless they
  /// say otherwise.
  static func imageNet(
    composite: String, canonizers: [String], resize: Int = 256, crop: Int = 224, filter: ResizeFilter = .bilinear,
    mean: [Float] = [0.485, 0.456, 0.406], deviation: [Float] = [0.229, 0.224, 0.225]
  ) -> CardTemplate {
    CardTemplate(
      side: crop,
      preprocessing: Preprocessing(
        color: .rgb, resize: resize, filter: filter, crop: crop, mean: mean, deviation: deviation),
      labels: "imagenet", classes: 1000, composite: composite, canonizers: canonizers, picture: "images/chelsea.png")
  }

  /// The Fashion-MNIST models: 28x28 grey.
  static func fashion(
    composite: String, picture: String, canonizers: [String] = ["SequentialMergeBatchNorm"]
  ) -> CardTemplate {
    CardTemplate(
      side: 28,
      preprocessing: Preprocessing(
        color: .grey, resize: 28, filter: .bilinear, crop: 28, mean: [0.2860], deviation: [0.3530]),
      labels: "fashion_mnist", classes: 10, composite: composite, canonizers: canonizers, picture: picture)
  }
}
