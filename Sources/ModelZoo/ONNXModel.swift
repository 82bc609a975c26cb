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
    let chosen = try ChosenOutput(of: file, card: card, options: options)
    let layered = try input.channelsFirst(
      file.network(name: name, inputShape: input.fileShape, output: chosen.output.name))
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
    let meaning = try meaning(of: network, classes: output.channels, chosen, card, &guesses)
    let isGrey = input.shape.channels == 1
    let range = PixelRange(of: file.inputType, network)
    let template = template(input.shape, range)
    guesses["color"] = isGrey ? nil : "rgb"
    guesses["resize"] = "\(template.preprocessing.resize)"
    guesses["filter"] = "bilinear"
    guesses["mean"] = range.mean.map { "\($0)" } ?? (isGrey ? "0.5" : "ImageNet's")
    guesses["std"] = range.deviationText ?? (isGrey ? "0.5" : "ImageNet's")
    guesses["labels"] = output.channels == 1000 ? "ImageNet's" : "none"
    let merging = CardMerging(
      name: name, summary: "ONNX, operator set \(file.operatorSet)", template: template, file: card,
      classes: output.channels, guesses: guesses, output: file.outputs.count > 1 ? chosen.output.name : nil,
      notices: [chosen.notice].compactMap { $0 })
    var card = try merging.card()
    if case .bytes(let reason) = range, file.inputType?.isFloating == false, card.high.allSatisfy({ $0 < 100 }) {
      card.notices.append(
        "\(path): the card normalises pixels to at most \(card.high.max() ?? 0), but \(reason) and takes whole numbers;"
          + " 'scale: 255', 'mean: 0' and 'std: 1' leave pixels as they are")
    }
    return Model(card: card, network: try network.declaring(meaning), weights: .file(path))
  }

  /// What the output means where the graph does not say; `nil` where it does.
  private static func meaning(
    of network: Network, classes: Int, _ chosen: ChosenOutput, _ card: CardFile?, _ guesses: inout [String: String]
  ) throws -> OutputMeaning? {
    let found = network.outputMeaning
    if let card, let meaning = card.meaning {
      guard found == .logits || found == .scores || meaning == found || meaning == .scores else {
        throw card.error(
          "output_meaning",
          "'\(meaning.rawValue)' does not fit: the network's last layer says"
            + " '\(found.rawValue)'; leave this line out")
      }
      return meaning
    }
    guard found == .logits else { return nil }
    // The softmax of one number says nothing.
    if classes == 1 {
      guesses["output_meaning"] = "scores, because there is one output; binary_logits would make it a probability"
      return .scores
    }
    if chosen.isInner {
      guesses["output_meaning"] = "scores, because other outputs are computed from this one"
      return .scores
    }
    return nil
  }

  /// Scores as `(N, classes)`: some networks end with a pooling to `(N, classes, 1, 1)`, some squeeze a single score to
  /// `(N)`.
  private static func withFlatOutput(_ network: Network, _ input: Shape) throws -> (Network, Shape) {
    do {
      let output = try network.shapes(forInput: input)[network.output]
      guard output.rank == 1 || (output.rank > 2 && output.spatialCount == 1) else { return (network, output) }
      let name = "output.flatten"
      let layer: any Layer = output.rank == 1 ? Reshape(sample: [1]) : Flatten()
      let last = Node(name: name, path: name, layer: layer, inputs: [network.output])
      let flat = try Network(
        name: network.name, nodes: network.nodes + [last], registrationOrder: network.registrationOrder + [name])
      return (flat, [1, output.rank == 1 ? 1 : output.channels])
    } catch {
      throw ModelZooError.badOption(model: network.name, problem: "\(error)")
    }
  }

  private static func template(_ input: Shape, _ range: PixelRange) -> CardTemplate {
    let side = input[2]
    let isGrey = input.channels == 1
    func perChannel(_ number: Float?) -> [Float]? { number.map { .init(repeating: $0, count: input.channels) } }
    return CardTemplate(
      side: side,
      preprocessing: Preprocessing(
        color: isGrey ? .grey : .rgb, resize: side * 8 / 7, filter: .bilinear, crop: side,
        mean: perChannel(range.mean.map { Float($0) }) ?? (isGrey ? [0.5] : [0.485, 0.456, 0.406]),
        deviation: perChannel(range.deviation) ?? (isGrey ? [0.5] : [0.229, 0.224, 0.225])),
      labels: "imagenet", classes: 1000, composite: "epsilon_plus_flat",
      canonizers: ["auto"],
      picture: "images/chelsea.png")
  }
}
