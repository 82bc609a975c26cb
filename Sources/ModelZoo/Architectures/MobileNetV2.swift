/// torchvision's MobileNetV2 (Sandler et al., CVPR 2018), with torchvision's module names. The additions of its blocks
/// and the last pooling are no modules there; they are `features.N.add` and `adaptive_avg_pool2d` here.
struct MobileNetV2: Architecture {
  let name = "mobilenet_v2"
  let summary = "MobileNetV2"
  let card = CardTemplate.imageNet(composite: "epsilon_plus_flat", canonizers: ["auto"])
  let classifier = "classifier.1"

  /// (expansion, width, blocks, stride of the first).
  private static let stages = [
    (1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1),
  ]

  func build(_ model: inout ModelBuilder, classes: Int) throws {
    try model.unit("features.0", 3, 32, kernel: 3, stride: 2, activation: .relu6)
    var (channels, index) = (32, 1)
    for (expansion, width, blocks, stride) in Self.stages {
      for place in 0..<blocks {
        try block(
          &model, "features.\(index)", channels, width, expansion: expansion, stride: place == 0 ? stride : 1)
        (channels, index) = (width, index + 1)
      }
    }
    try model.unit("features.\(index)", channels, 1280, kernel: 1, activation: .relu6)
    model.adaptiveAveragePool("adaptive_avg_pool2d", side: 1)
    model.flatten("flatten")
    model.dropout("classifier.0")
    try model.fullyConnected(classifier, 1280, classes)
  }

  private func block(
    _ model: inout ModelBuilder, _ path: String, _ channels: Int, _ width: Int, expansion: Int, stride: Int
  ) throws {
    let (entry, hidden) = (model.last, channels * expansion)
    var index = 0
    if expansion != 1 {
      try model.unit("\(path).conv.0", channels, hidden, kernel: 1, activation: .relu6)
      index = 1
    }
    try model.unit(
      "\(path).conv.\(index)", hidden, hidden, kernel: 3, stride: stride, groups: hidden, activation: .relu6)
    try model.convolution("\(path).conv.\(index + 1)", hidden, width, kernel: 1)
    let result = try model.batchNorm("\(path).conv.\(index + 2)", width)
    if stride == 1, channels == width { model.add("\(path).add", entry, result) }
  }
}
