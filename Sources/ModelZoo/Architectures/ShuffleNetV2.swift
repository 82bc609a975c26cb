/// torchvision's ShuffleNetV2 (Ma et al., ECCV 2018), with torchvision's module names. What its blocks do to channels is
/// no module there: here it is `….chunk` (the halves), `….cat` and `….channel_shuffle`.
struct ShuffleNetV2: Architecture {
  /// Widths of the three stages.
  let widths: [Int]
  /// Width of the last convolution.
  let last: Int
  let name: String
  let summary: String
  let card: CardTemplate
  let classifier = "fc"

  init(_ size: String, widths: [Int], last: Int = 1024, resize: Int = 256) {
    self.widths = widths
    self.last = last
    name = "shufflenet_v2_x" + size.replacing(".", with: "_")
    summary = "ShuffleNetV2, width \(size)"
    card = .imageNet(composite: "epsilon_plus_flat", canonizers: ["SequentialMergeBatchNorm"], resize: resize)
  }

  func build(_ model: inout ModelBuilder, classes: Int) throws {
    try model.unit("conv1", 3, 24, kernel: 3, stride: 2, activation: .relu)
    model.maxPool("maxpool", kernel: 3, stride: 2, padding: 1)
    var channels = 24
    for (stage, (width, blocks)) in zip(widths, [4, 8, 4]).enumerated() {
      for index in 0..<blocks {
        try block(&model, "stage\(stage + 2).\(index)", channels, width, halves: index == 0)
        channels = width
      }
    }
    try model.unit("conv5", channels, last, kernel: 1, activation: .relu)
    model.adaptiveAveragePool("mean", side: 1)
    model.flatten("flatten")
    try model.fullyConnected(classifier, last, classes)
  }

  /// - Parameter halves: whether the block halves the extents; then both branches read all channels.
  private func block(
    _ model: inout ModelBuilder, _ path: String, _ channels: Int, _ width: Int, halves: Bool
  ) throws {
    let (half, stride) = (width / 2, halves ? 2 : 1)
    var (left, entry) = (model.last, model.last)
    if halves {
      try model.convolution(
        "\(path).branch1.0", channels, channels, kernel: 3, stride: 2, padding: 1, groups: channels)
      try model.batchNorm("\(path).branch1.1", channels)
      try model.convolution("\(path).branch1.2", channels, half, kernel: 1)
      try model.batchNorm("\(path).branch1.3", half)
      left = model.activation("\(path).branch1.4", .relu)
    } else {
      left = model.slice("\(path).chunk", channels: 0..<half, from: entry)
      entry = model.slice("\(path).chunk", channels: half..<channels, from: entry)
    }
    let branch = "\(path).branch2"
    try model.convolution("\(branch).0", halves ? channels : half, half, kernel: 1, from: entry)
    try model.batchNorm("\(branch).1", half)
    model.relu("\(branch).2")
    try model.convolution("\(branch).3", half, half, kernel: 3, stride: stride, padding: 1, groups: half)
    try model.batchNorm("\(branch).4", half)
    try model.convolution("\(branch).5", half, half, kernel: 1)
    try model.batchNorm("\(branch).6", half)
    model.relu("\(branch).7")
    model.concatenation("\(path).cat", [left, model.last])
    try model.channelShuffle("\(path).channel_shuffle", groups: 2)
  }
}
