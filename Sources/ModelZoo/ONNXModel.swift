import Foundation
import ModelFormats
import NeuralNetwork
import Tensors

/// Models that a path to an ONNX file names.
enum ONNXModel {
  static func isNamed(by name: String) -> Bool { (name as NSString).pathExtension.lowercased() == "onnx" }

  /// Opens the file. What it does not say is guessed: ImageNet's mean and deviation for pictures in colour, a mean and
  /// deviation of 0.5 for grey ones, ImageNet's labels for a thousand classes.
  /// - Throws: ``ModelZooError``, `ModelFormatError` or `FileError`, naming the file.
  static func load(_ path: String, weights: String?, classes: Int?) throws -> Model {
    guard weights == nil else {
      throw ModelZooError.badOption(model: path, problem: "an ONNX file brings its parameters; leave --weights out")
    }
    let file = try ONNXFile(path: path)
    let input = try inputShape(of: file)
    let (network, output) = try withFlatOutput(file.network(name: path, inputShape: input), input)
    guard output.rank == 2, (1...100_000).contains(output.channels) else {
      throw ModelZooError.badOption(
        model: path, problem: "an output of shape \(output) found, scores (N, classes) expected")
    }
    if let classes, classes != output.channels {
      throw ModelZooError.badOption(
        model: path, problem: "\(output.channels) classes found, \(classes) asked for; leave --classes out")
    }
    let labels = output.channels == 1000 ? try? AssetLocator().labels("imagenet") : nil
    let card = template(input, network).card(
      name: path, summary: "ONNX, operator set \(file.operatorSet)", classes: output.channels, labels: labels)
    return Model(card: card, network: network, weights: .file(path))
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

  /// `(1, C, H, W)`, square; 224 pixels where the file leaves the extents open.
  private static func inputShape(of file: ONNXFile) throws -> Shape {
    let extents = file.input.extents
    let found = "(" + extents.map { $0.map(String.init) ?? "?" }.joined(separator: ", ") + ")"
    guard extents.count == 4, [1, 3].contains(extents[1] ?? 3) else {
      throw ModelZooError.badOption(
        model: file.path, problem: "an input of shape \(found) found, pictures (N, 1 or 3, side, side) expected")
    }
    let side = extents[2] ?? extents[3] ?? 224
    guard extents[3] ?? side == side, (1...4096).contains(side) else {
      throw ModelZooError.badOption(
        model: file.path, problem: "an input of shape \(found) found, square pictures of at most 4096 pixels expected")
    }
    return [1, extents[1] ?? 3, side, side]
  }

  private static func template(_ input: Shape, _ network: Network) -> CardTemplate {
    // Additions become layers where each block has one, as in residual networks.
    let blocks = network.nodes.filter { $0.layer.kind == .add && $0.inputs.count == 2 }
      .compactMap { node in node.path.lastIndex(of: ".").map { String(node.path[..<$0]) } }
    let isResidual = !blocks.isEmpty && Set(blocks).count == blocks.count
    let side = input[2]
    let isGrey = input.channels == 1
    return CardTemplate(
      side: side,
      preprocessing: Preprocessing(
        color: isGrey ? .grey : .rgb, resize: side * 8 / 7, filter: .bilinear, crop: side,
        mean: isGrey ? [0.5] : [0.485, 0.456, 0.406], deviation: isGrey ? [0.5] : [0.229, 0.224, 0.225]),
      labels: "imagenet", classes: 1000, composite: "epsilon_plus_flat",
      canonizers: mergesInOrder(network) ? [isResidual ? "ResNetCanonizer" : "SequentialMergeBatchNorm"] : [],
      picture: "images/chelsea.png")
  }

  /// Whether every normalisation right after a linear layer, in the order of modules, also reads that layer alone; the
  /// canonizers for sequences go by the order of modules and would merge others wrongly, as in DenseNets.
  private static func mergesInOrder(_ network: Network) -> Bool {
    let modules = network.nodes.indices.filter { !network.nodes[$0].layer.kind.isFunctional }
    return zip(modules, modules.dropFirst()).allSatisfy { linear, norm in
      guard LayerType.linear.contains(network.nodes[linear].layer.kind),
        LayerType.batchNorm.contains(network.nodes[norm].layer.kind)
      else {
        return true
      }
      return network.nodes[norm].inputs == [linear] && network.consumers[linear] == [norm]
    }
  }
}
