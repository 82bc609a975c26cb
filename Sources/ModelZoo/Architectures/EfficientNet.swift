import Foundation

/// torchvision's EfficientNet (Tan and Le, ICML 2019) and EfficientNetV2 (ICML 2021), with torchvision's module names.
/// The additions and the gates' products of its blocks are no modules there; they are `features.N.M.add` and
/// `features.N.M.block.K.mul` here.
struct EfficientNet: Architecture {
  /// Blocks of one kind.
  private struct Stage {
    var expansion: Int
    var kernel: Int
    var stride: Int
    var width: Int
    var blocks: Int
    /// Whether expansion and depthwise convolution are one ordinary convolution, without a gate.
    var isFused = false
  }

  let name: String
  let summary: String
  let card: CardTemplate
  private let stem: Int
  private let stages: [Stage]
  /// Channels after the last convolution.
  private let last: Int
  private let epsilon: Double
  let classifier = "classifier.1"

  private static let canonizers = ["auto"]

  /// One of `efficientnet_b0` to `efficientnet_b7`: the smallest, wider and deeper.
  init(b number: Int, width: Double, depth: Double, resize: Int, crop: Int, epsilon: Double = 1e-5) {
    func scaled(_ channels: Int) -> Int { Channels.rounded(Double(channels) * width) }
    name = "efficientnet_b\(number)"
    summary = "EfficientNet-B\(number)"
    card = .imageNet(
      composite: "epsilon_plus_flat", canonizers: Self.canonizers, resize: resize, crop: crop, filter: .bicubic)
    stem = scaled(32)
    stages = [
      (1, 3, 1, 16, 1), (6, 3, 2, 24, 2), (6, 5, 2, 40, 2), (6, 3, 2, 80, 3), (6, 5, 1, 112, 3), (6, 5, 2, 192, 4),
      (6, 3, 1, 320, 1),
    ].map { expansion, kernel, stride, width, blocks in
      Stage(
        expansion: expansion, kernel: kernel, stride: stride, width: scaled(width),
        blocks: Int((Double(blocks) * depth).rounded(.up)))
    }
    last = 4 * scaled(320)
    self.epsilon = epsilon
  }

  /// One of `efficientnet_v2_s`, `_m` and `_l`: (expansion, stride, width, blocks) of the stages, the first three fused.
  private init(v2 size: String, stem: Int, card: CardTemplate, _ stages: [(Int, Int, Int, Int)]) {
    name = "efficientnet_v2_\(size)"
    summary = "EfficientNetV2-\(size.uppercased())"
    self.card = card
    self.stem = stem
    self.stages = stages.enumerated().map { index, stage in
      Stage(
        expansion: stage.0, kernel: 3, stride: stage.1, width: stage.2, blocks: stage.3, isFused: index < 3)
    }
    last = 1280
    epsilon = 1e-3
  }

  static let v2 = [
    EfficientNet(
      v2: "s", stem: 24,
      card: .imageNet(composite: "epsilon_plus_flat", canonizers: canonizers, resize: 384, crop: 384),
      [(1, 1, 24, 2), (4, 2, 48, 4), (4, 2, 64, 4), (4, 2, 128, 6), (6, 1, 160, 9), (6, 2, 256, 15)]),
    EfficientNet(
      v2: "m", stem: 24,
      card: .imageNet(composite: "epsilon_plus_flat", canonizers: canonizers, resize: 480, crop: 480),
      [(1, 1, 24, 3), (4, 2, 48, 5), (4, 2, 80, 5), (4, 2, 160, 7), (6, 1, 176, 14), (6, 2, 304, 18), (6, 1, 512, 5)]),
    EfficientNet(
      v2: "l", stem: 32,
      card: .imageNet(
        composite: "epsilon_plus_flat", canonizers: canonizers, resize: 480, crop: 480, filter: .bicubic,
        mean: [0.5, 0.5, 0.5], deviation: [0.5, 0.5, 0.5]),
      [(1, 1, 32, 4), (4, 2, 64, 7), (4, 2, 96, 7), (4, 2, 192, 10), (6, 1, 224, 19), (6, 2, 384, 25), (6, 1, 640, 7)]),
  ]

  func build(_ model: inout ModelBuilder, classes: Int) throws {
    try model.unit("features.0", 3, stem, kernel: 3, stride: 2, epsilon: epsilon, activation: .silu)
    var channels = stem
    for (index, stage) in stages.enumerated() {
      for place in 0..<stage.blocks {
        let path = "features.\(index + 1).\(place)"
        try block(&model, path, channels, stage, stride: place == 0 ? stage.stride : 1)
        channels = stage.width
      }
    }
    try model.unit("features.\(stages.count + 1)", channels, last, kernel: 1, epsilon: epsilon, activation: .silu)
    model.adaptiveAveragePool("avgpool", side: 1)
    model.flatten("flatten")
    model.dropout("classifier.0")
    try model.fullyConnected(classifier, last, classes)
  }

  private func block(
    _ model: inout ModelBuilder, _ path: String, _ channels: Int, _ stage: Stage, stride: Int
  ) throws {
    let (entry, hidden) = (model.last, channels * stage.expansion)
    var index = 0
    func next() -> String {
      defer { index += 1 }
      return "\(path).block.\(index)"
    }
    if stage.isFused {
      let output = hidden == channels ? stage.width : hidden
      try model.unit(
        next(), channels, output, kernel: stage.kernel, stride: stride, epsilon: epsilon, activation: .silu)
    } else {
      if hidden != channels {
        try model.unit(next(), channels, hidden, kernel: 1, epsilon: epsilon, activation: .silu)
      }
      try model.unit(
        next(), hidden, hidden, kernel: stage.kernel, stride: stride, groups: hidden, epsilon: epsilon,
        activation: .silu)
      try model.squeezeExcitation(
        next(), hidden, squeezed: max(1, channels / 4), activation: .silu, gate: .sigmoid)
    }
    if !stage.isFused || hidden != channels {
      try model.unit(next(), hidden, stage.width, kernel: 1, epsilon: epsilon, activation: nil)
    }
    if stride == 1, channels == stage.width {
      model.dropout("\(path).stochastic_depth")
      model.add("\(path).add", model.last, entry)
    }
  }
}
