import ModelFormats
import NeuralNetwork
import Tensors

/// The pictures that an ONNX model takes.
struct ONNXInput {
  /// `(1, C, side, side)`.
  let shape: Shape
  let layout: CardFile.Layout

  /// As the file has it.
  var fileShape: Shape { layout == .channelsFirst ? shape : [1, shape[2], shape[3], shape.channels] }

  /// What the card says, else the file, else 224 pixels in colour.
  /// - Throws: ``ModelZooError`` if card and file disagree or the input is no square picture.
  init(of file: ONNXFile, card: CardFile?, guesses: inout [String: String]) throws {
    let extents = file.input.extents
    let found = "(" + extents.map { $0.map(String.init) ?? "?" }.joined(separator: ", ") + ")"
    guard let type = file.inputType, ![.int8, .boolean].contains(type) else {
      throw ModelZooError.badOption(
        model: file.path,
        problem: "it takes \(file.inputType.map { "\($0)" } ?? "no") numbers, which pixels are not;"
          + " export it with an input of float32 or uint8")
    }
    guard extents.count == 4 else {
      throw ModelZooError.badOption(
        model: file.path,
        problem:
          "its input \(found) is no picture; lrp explains only networks of square pictures with 1 or 3 channels so far")
    }
    let isLast = [1, 3].contains(extents[3]) && ![1, 3].contains(extents[1])
    layout = card?.layout ?? (isLast ? .channelsLast : .channelsFirst)
    if isLast { guesses["layout"] = "NHWC" }
    let places = layout == .channelsFirst ? (channels: 1, height: 2, width: 3) : (channels: 3, height: 1, width: 2)
    let channels = extents[places.channels] ?? card?.input?[0] ?? card?.color?.channels ?? 3
    let side = extents[places.height] ?? extents[places.width] ?? card?.input?[1] ?? card?.crop ?? 224
    if extents[places.height] ?? extents[places.width] == nil { guesses["input"] = "\(side)x\(side) pixels" }
    guard [1, 3].contains(channels) else {
      throw ModelZooError.badOption(
        model: file.path,
        problem:
          "its input \(found) has \(channels) channels; lrp explains only networks of square pictures with 1 or 3 so"
          + " far (if they are the last axis, write 'layout: NHWC' into a card)")
    }
    guard (extents[places.width] ?? side) == side, (1...4096).contains(side) else {
      throw ModelZooError.badOption(
        model: file.path,
        problem:
          "its input \(found) is no square picture with sides of up to 4096 pixels, the only ones that lrp explains so"
          + " far")
    }
    shape = [1, channels, side, side]
    guard let card else { return }
    if let input = card.input, input != [channels, side, side] {
      throw card.error("input", "\(input) found, \([channels, side, side]) expected, which \(file.path) takes")
    }
    if let crop = card.crop, crop != side {
      throw card.error("crop", "\(crop) found, \(side) expected, which \(file.path) takes")
    }
    if let color = card.color, color.channels != channels {
      throw card.error("color", "\(color.rawValue) found, \(channels) channels expected, which \(file.path) takes")
    }
  }

  /// The network with an input `(N, C, H, W)`, as all others have.
  func channelsFirst(_ network: Network) throws -> Network {
    guard layout == .channelsLast, let input = network.nodes.first else { return network }
    let name = "input.layout"
    let transpose = Node(name: name, path: name, layer: try Transpose(order: [0, 2, 3, 1]), inputs: [0])
    let rest = network.nodes.dropFirst().map { node in
      Node(name: node.name, path: node.path, layer: node.layer, inputs: node.inputs.map { $0 + 1 })
    }
    return try Network(
      name: network.name, nodes: [input, transpose] + rest, output: network.output + 1,
      registrationOrder: network.registrationOrder, meaning: network.declaredMeaning)
  }
}
