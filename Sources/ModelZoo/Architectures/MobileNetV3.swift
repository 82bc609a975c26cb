import Compute

/// torchvision's MobileNetV3 (Howard et al., ICCV 2019), with torchvision's module names. The additions and the gates'
/// products of its blocks are no modules there; they are `features.N.add` and `features.N.block.M.mul` here.
struct MobileNetV3: Architecture {
  private struct Block {
    var kernel: Int
    var expanded: Int
    var width: Int
    var isGated: Bool
    var activation: Activation
    var stride: Int

    init(_ kernel: Int, _ expanded: Int, _ width: Int, gated: Bool = false, _ activation: Activation, _ stride: Int) {
      (self.kernel, self.expanded, self.width, self.stride) = (kernel, expanded, width, stride)
      (isGated, self.activation) = (gated, activation)
    }
  }

  let name: String
  let summary: String
  private let blocks: [Block]
  /// Outputs of the classifier's first layer.
  private let hidden: Int
  let card = CardTemplate.imageNet(composite: "epsilon_plus_flat", canonizers: ["auto"])
  let classifier = "classifier.3"

  private init(_ size: String, hidden: Int, _ blocks: [Block]) {
    name = "mobilenet_v3_\(size)"
    summary = "MobileNetV3 \(size)"
    self.hidden = hidden
    self.blocks = blocks
  }

  static let large = MobileNetV3(
    "large", hidden: 1280,
    [
      Block(3, 16, 16, .relu, 1), Block(3, 64, 24, .relu, 2), Block(3, 72, 24, .relu, 1),
      Block(5, 72, 40, gated: true, .relu, 2), Block(5, 120, 40, gated: true, .relu, 1),
      Block(5, 120, 40, gated: true, .relu, 1), Block(3, 240, 80, .hardswish, 2), Block(3, 200, 80, .hardswish, 1),
      Block(3, 184, 80, .hardswish, 1), Block(3, 184, 80, .hardswish, 1),
      Block(3, 480, 112, gated: true, .hardswish, 1), Block(3, 672, 112, gated: true, .hardswish, 1),
      Block(5, 672, 160, gated: true, .hardswish, 2), Block(5, 960, 160, gated: true, .hardswish, 1),
      Block(5, 960, 160, gated: true, .hardswish, 1),
    ])

  static let small = MobileNetV3(
    "small", hidden: 1024,
    [
      Block(3, 16, 16, gated: true, .relu, 2), Block(3, 72, 24, .relu, 2), Block(3, 88, 24, .relu, 1),
      Block(5, 96, 40, gated: true, .hardswish, 2), Block(5, 240, 40, gated: true, .hardswish, 1),
      Block(5, 240, 40, gated: true, .hardswish, 1), Block(5, 120, 48, gated: true, .hardswish, 1),
      Block(5, 144, 48, gated: true, .hardswish, 1), Block(5, 288, 96, gated: true, .hardswish, 2),
      Block(5, 576, 96, gated: true, .hardswish, 1), Block(5, 576, 96, gated: true, .hardswish, 1),
    ])

  func build(_ model: inout ModelBuilder, classes: Int) throws {
    try model.unit("features.0", 3, 16, kernel: 3, stride: 2, epsilon: 1e-3, activation: .hardswish)
    var channels = 16
    for (index, block) in blocks.enumerated() {
      try add(block, to: &model, "features.\(index + 1)", channels)
      channels = block.width
    }
    try model.unit(
      "features.\(blocks.count + 1)", channels, 6 * channels, kernel: 1, epsilon: 1e-3, activation: .hardswish)
    model.adaptiveAveragePool("avgpool", side: 1)
    model.flatten("flatten")
    try model.fullyConnected("classifier.0", 6 * channels, hidden)
    model.activation("classifier.1", .hardswish)
    model.dropout("classifier.2")
    try model.fullyConnected(classifier, hidden, classes)
  }

  private func add(_ block: Block, to model: inout ModelBuilder, _ path: String, _ channels: Int) throws {
    let (entry, expanded) = (model.last, block.expanded)
    var index = 0
    func next() -> String {
      defer { index += 1 }
      return "\(path).block.\(index)"
    }
    if expanded != channels {
      try model.unit(next(), channels, expanded, kernel: 1, epsilon: 1e-3, activation: block.activation)
    }
    try model.unit(
      next(), expanded, expanded, kernel: block.kernel, stride: block.stride, groups: expanded, epsilon: 1e-3,
      activation: block.activation)
    if block.isGated {
      try model.squeezeExcitation(
        next(), expanded, squeezed: Channels.rounded(Double(expanded / 4)), activation: .relu, gate: .hardsigmoid)
    }
    let result = try model.unit(next(), expanded, block.width, kernel: 1, epsilon: 1e-3, activation: nil)
    if block.stride == 1, channels == block.width { model.add("\(path).add", result, entry) }
  }
}
