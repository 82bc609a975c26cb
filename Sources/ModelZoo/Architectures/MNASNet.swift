/// torchvision's MNASNet-B1 (Tan et al., CVPR 2019), with torchvision's module names. The additions of its blocks and
/// the last mean are no modules there; they are `layers.N.M.add` and `mean` here.
struct MNASNet: Architecture {
  /// What the numbers of channels are multiplied by.
  let width: Double
  let name: String
  let summary: String
  let card: CardTemplate
  let classifier = "classifier.1"

  init(_ width: String, resize: Int = 256) {
    self.width = Double(width) ?? 1
    name = "mnasnet" + width.replacing(".", with: "_")
    summary = "MNASNet, width \(width)"
    card = .imageNet(composite: "epsilon_plus_flat", canonizers: ["auto"], resize: resize)
  }

  /// (width, kernel, stride of the first block, expansion, blocks).
  private static let stages = [
    (24, 3, 2, 3, 3), (40, 5, 2, 3, 3), (80, 5, 2, 6, 3), (96, 3, 1, 6, 2), (192, 5, 2, 6, 4), (320, 3, 1, 6, 1),
  ]

  private func scaled(_ channels: Int) -> Int { Channels.rounded(Double(channels) * width) }

  func build(_ model: inout ModelBuilder, classes: Int) throws {
    let (first, second) = (scaled(32), scaled(16))
    try triple(&model, "layers", 0, 3, first, kernel: 3, stride: 2)
    try triple(&model, "layers", 3, first, first, kernel: 3, groups: first)
    try triple(&model, "layers", 6, first, second, kernel: 1, activates: false)
    var channels = second
    for (index, (width, kernel, stride, expansion, blocks)) in Self.stages.enumerated() {
      for place in 0..<blocks {
        let path = "layers.\(8 + index).\(place)"
        let (entry, hidden, output) = (model.last, channels * expansion, scaled(width))
        let step = place == 0 ? stride : 1
        try triple(&model, "\(path).layers", 0, channels, hidden, kernel: 1)
        try triple(&model, "\(path).layers", 3, hidden, hidden, kernel: kernel, stride: step, groups: hidden)
        try triple(&model, "\(path).layers", 6, hidden, output, kernel: 1, activates: false)
        if step == 1, channels == output { model.add("\(path).add", model.last, entry) }
        channels = output
      }
    }
    try triple(&model, "layers", 14, channels, 1280, kernel: 1)
    model.adaptiveAveragePool("mean", side: 1)
    model.flatten("flatten")
    model.dropout("classifier.0")
    try model.fullyConnected(classifier, 1280, classes)
  }

  /// A convolution, a batch norm and perhaps a ReLU, the modules `index`, `index + 1` and `index + 2` of `path`.
  private func triple(
    _ model: inout ModelBuilder, _ path: String, _ index: Int, _ input: Int, _ output: Int, kernel: Int,
    stride: Int = 1, groups: Int = 1, activates: Bool = true
  ) throws {
    try model.convolution(
      "\(path).\(index)", input, output, kernel: kernel, stride: stride, padding: kernel / 2, groups: groups)
    try model.batchNorm("\(path).\(index + 1)", output)
    if activates { model.relu("\(path).\(index + 2)") }
  }
}
