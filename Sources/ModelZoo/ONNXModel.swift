import Foundation
import ModelFormats
import NeuralNetwork
import Tensors

/// Models that a path to an ONNX file names.
enum ONNXModel {
  /// Opens the file. What neither it nor a card says is guessed: ImageNet's mean and deviation for pictures in colour, a
  /// mean and deviation of 0.5 for grey ones, ImageNet's labels for a thousand classes.
  /// - Throws: ``ModelZooError``, `ModelFormatError` or `FileError`, naming the file.
  static func load(_ path: String, name: String, card: CardFile?, options: ModelZoo.Options) throws -> Model {
    guard options.weights == nil else {
      throw ModelZooError.badOption(model: name, problem: "an ONNX file brings its parameters; leave --weights out")
    }
    if let card, let architecture = card.architecture {
      throw card.error("architecture", "'\(architecture)' found, none expected: an ONNX file has its own")
    }
    let file = try ONNXFile(path: path)
    var guesses: [String: String] = [:]
    let input = try ONNXInput(of: file, card: card, guesses: &guesses)
    let layered = try input.channelsFirst(file.network(name: name, inputShape: input.fileShape))
    let (network, output) = try withFlatOutput(layered, input.shape)
    guard output.rank == 2, CardReader.classRange.contains(output.channels) else {
      throw ModelZooError.badOption(
        model: name, problem: "an output of shape \(output) found, scores (N, classes) expected")
    }
    if let classes = options.classes, classes != output.channels {
      throw ModelZooError.badOption(
        model: name, problem: "\(output.channels) classes found, \(classes) asked for; leave --classes out")
    }
    if let card, let classes = card.classes, classes != output.channels {
      throw card.error("classes", "\(classes) found, \(output.channels) expected, which the network has")
    }
    let template = template(input.shape)
    let isGrey = input.shape.channels == 1
    guesses["color"] = isGrey ? nil : "rgb"
    guesses["resize"] = "\(template.preprocessing.resize)"
    guesses["filter"] = "bilinear"
    guesses["mean"] = isGrey ? "0.5" : "ImageNet's"
    guesses["std"] = isGrey ? "0.5" : "ImageNet's"
    guesses["labels"] = output.channels == 1000 ? "ImageNet's" : "none"
    let merging = CardMerging(
      name: name, summary: "ONNX, operator set \(file.operatorSet)", template: template, file: card,
      classes: output.channels, guesses: guesses)
    return Model(card: try merging.card(), network: network, weights: .file(path))
  }

  /// Scores as `(N, classes)`: some networks end with a pooling to `(N, classes, 1, 1)`.
  private static func withFlatOutput(_ network: Network, _ input: Shape) throws -> (Network, Shape) {
    do {
      let output = try network.shapes(forInput: input)[network.output]
      guard output.rank > 2, output.spatialCount == 1 else { return (network, output) }
      let name = "output.flatten"
      let last = Node(name: name, path: name, layer: Flatten(), inputs: [network.output])
      let flat = try Network(
        name: network.name, nodes: network.nodes + [last], registrationOrder: network.registrationOrder + [name])
      return (flat, [1, output.channels])
    } catch {
      throw ModelZooError.badOption(model: network.name, problem: "\(error)")
    }
  }

  private static func template(_ input: Shape) -> CardTemplate {
    let side = input[2]
    let isGrey = input.channels == 1
    return CardTemplate(
      side: side,
      preprocessing: Preprocessing(
        color: isGrey ? .grey : .rgb, resize: side * 8 / 7, filter: .bilinear, crop: side,
        mean: isGrey ? [0.5] : [0.485, 0.456, 0.406], deviation: isGrey ? [0.5] : [0.229, 0.224, 0.225]),
      labels: "imagenet", classes: 1000, composite: "epsilon_plus_flat",
      canonizers: ["auto"],
      picture: "images/chelsea.png")
  }
}
