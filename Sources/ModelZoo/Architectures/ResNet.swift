/// torchvision's ResNet (He et al., "Deep residual learning for image recognition", CVPR 2016; strides at the 3x3
/// convolution of a bottleneck), with torchvision's module names; with groups it is ResNeXt (Xie et al., CVPR 2017),
/// with wider bottlenecks Wide ResNet (Zagoruyko and Komodakis, BMVC 2016).
///
/// A block's only `relu` module is used several times, which makes nodes `relu`, `relu#2`, `relu#3`. The addition is
/// no module in torchvision: it is an `Add` node that no rule reaches until a canonizer names it.
struct ResNet: Architecture {
  /// Blocks of each of the four stages.
  let blocks: [Int]
  let isBottleneck: Bool
  /// Groups of the 3x3 convolution of a bottleneck.
  let groups: Int
  /// Width of each group where an ordinary bottleneck has 64.
  let groupWidth: Int
  let name: String
  let summary: String
  let card: CardTemplate
  let classifier = "fc"

  init(depth: Int, blocks: [Int], bottleneck: Bool) {
    self.init(name: "resnet\(depth)", summary: "ResNet-\(depth)", blocks: blocks, bottleneck: bottleneck)
  }

  init(
    name: String, summary: String, blocks: [Int], bottleneck: Bool = true, groups: Int = 1, groupWidth: Int = 64,
    resize: Int = 256
  ) {
    self.blocks = blocks
    isBottleneck = bottleneck
    self.groups = groups
    self.groupWidth = groupWidth
    self.name = name
    self.summary = summary
    card = .imageNet(composite: "epsilon_gamma_box", canonizers: ["ResNetCanonizer"], resize: resize)
  }

  func build(_ model: inout ModelBuilder, classes: Int) throws {
    try model.convolution("conv1", 3, 64, kernel: 7, stride: 2, padding: 3)
    try model.batchNorm("bn1", 64)
    model.relu("relu")
    model.maxPool("maxpool", kernel: 3, stride: 2, padding: 1)
    var registered = ["conv1", "bn1", "relu", "maxpool"]
    var channels = 64
    for (stage, count) in blocks.enumerated() {
      let width = 64 << stage
      for index in 0..<count {
        let stride = stage > 0 && index == 0 ? 2 : 1
        let path = "layer\(stage + 1).\(index)"
        registered += try block(&model, path, &channels, width, stride)
      }
    }
    model.adaptiveAveragePool("avgpool", side: 1)
    model.flatten("flatten")
    try model.fullyConnected(classifier, channels, classes)
    model.registrationOrder = registered + ["avgpool", classifier]
  }

  /// Adds a block and returns its leaf modules in the order in which torchvision's constructor registers them.
  private func block(
    _ model: inout ModelBuilder, _ path: String, _ channels: inout Int, _ width: Int, _ stride: Int
  ) throws -> [String] {
    let entry = model.last
    let outputWidth = isBottleneck ? 4 * width : width
    let inner = width * groupWidth / 64 * groups
    // (kernel, stride, groups, output channels) of the convolutions.
    let steps =
      isBottleneck
      ? [(1, 1, 1, inner), (3, stride, groups, inner), (1, 1, 1, outputWidth)]
      : [(3, stride, 1, width), (3, 1, 1, width)]
    var names: [String] = []
    var input = channels
    for (index, (kernel, stride, groups, output)) in steps.enumerated() {
      let (convolution, norm) = ("\(path).conv\(index + 1)", "\(path).bn\(index + 1)")
      try model.convolution(
        convolution, input, output, kernel: kernel, stride: stride, padding: kernel / 2, groups: groups)
      try model.batchNorm(norm, output)
      names += [convolution, norm]
      if index < steps.count - 1 { model.relu("\(path).relu") }
      // BasicBlock registers its activation after the first pair, Bottleneck after the last.
      if index == (isBottleneck ? steps.count - 1 : 0) { names.append("\(path).relu") }
      input = output
    }
    let residual = model.last
    var skip = entry
    if stride != 1 || channels != outputWidth {
      let (convolution, norm) = ("\(path).downsample.0", "\(path).downsample.1")
      try model.convolution(convolution, channels, outputWidth, kernel: 1, stride: stride, from: entry)
      skip = try model.batchNorm(norm, outputWidth)
      names += [convolution, norm]
    }
    model.add("\(path).add", residual, skip)
    model.relu("\(path).relu")
    channels = outputWidth
    return names
  }
}
