import Compute

/// torchvision's GoogLeNet (Szegedy et al., "Going deeper with convolutions", CVPR 2015), with torchvision's module
/// names. Activations and concatenations of its blocks are no modules there; they are `….relu` and `….cat` here.
///
/// The auxiliary heads, which evaluation does not run, are left out, and their parameters in a file are passed over.
/// torchvision's published weights want pictures of mean 0.5 and deviation 0.5, which its `transform_input` makes of
/// ImageNet's mean and deviation inside the network; here the preprocessing does so.
struct GoogLeNet: Architecture {
  let name = "googlenet"
  let summary = "GoogLeNet (Inception v1)"
  let card = CardTemplate.imageNet(
    composite: "epsilon_gamma_box", canonizers: ["SequentialMergeBatchNorm"], mean: [0.5, 0.5, 0.5],
    deviation: [0.5, 0.5, 0.5])
  let classifier = "fc"
  let unusedModules = ["aux1", "aux2"]

  /// (name, 1x1, 3x3 reduced, 3x3, 5x5 reduced, 5x5, pooled) of the blocks between two poolings.
  private typealias Block = (name: String, widths: [Int])
  private static let stages: [[Block]] = [
    [("3a", [64, 96, 128, 16, 32, 32]), ("3b", [128, 128, 192, 32, 96, 64])],
    [
      ("4a", [192, 96, 208, 16, 48, 64]), ("4b", [160, 112, 224, 24, 64, 64]), ("4c", [128, 128, 256, 24, 64, 64]),
      ("4d", [112, 144, 288, 32, 64, 64]), ("4e", [256, 160, 320, 32, 128, 128]),
    ],
    [("5a", [256, 160, 320, 32, 128, 128]), ("5b", [384, 192, 384, 48, 128, 128])],
  ]

  func build(_ model: inout ModelBuilder, classes: Int) throws {
    try model.basicConvolution("conv1", 3, 64, kernel: [7, 7], stride: 2, padding: [3, 3])
    model.maxPool("maxpool1", kernel: 3, stride: 2, ceil: true)
    try model.basicConvolution("conv2", 64, 64, kernel: [1, 1])
    try model.basicConvolution("conv3", 64, 192, kernel: [3, 3], padding: [1, 1])
    model.maxPool("maxpool2", kernel: 3, stride: 2, ceil: true)
    var channels = 192
    for (index, stage) in Self.stages.enumerated() {
      if index > 0 { model.maxPool("maxpool\(index + 2)", kernel: index == 1 ? 3 : 2, stride: 2, ceil: true) }
      for block in stage { channels = try inception(&model, "inception\(block.name)", channels, block.widths) }
    }
    model.adaptiveAveragePool("avgpool", side: 1)
    model.flatten("flatten")
    model.dropout("dropout")
    try model.fullyConnected(classifier, channels, classes)
  }

  private func inception(
    _ model: inout ModelBuilder, _ path: String, _ channels: Int, _ widths: [Int]
  ) throws -> Int {
    let entry = model.last
    var branches = [try model.basicConvolution("\(path).branch1", channels, widths[0], kernel: [1, 1])]
    // The third branch is said to have kernels of 5x5; torchvision's has 3x3.
    for (branch, first) in [(2, 1), (3, 3)] {
      let (reduced, width) = (widths[first], widths[first + 1])
      try model.basicConvolution("\(path).branch\(branch).0", channels, reduced, kernel: [1, 1], from: entry)
      branches.append(
        try model.basicConvolution("\(path).branch\(branch).1", reduced, width, kernel: [3, 3], padding: [1, 1]))
    }
    model.maxPool("\(path).branch4.0", kernel: 3, stride: 1, padding: 1, ceil: true, from: entry)
    branches.append(try model.basicConvolution("\(path).branch4.1", channels, widths[5], kernel: [1, 1]))
    model.concatenation("\(path).cat", branches)
    return widths[0] + widths[2] + widths[4] + widths[5]
  }
}

extension ModelBuilder {
  /// `BasicConv2d` of torchvision's Inception networks: `path.conv`, `path.bn`, and a ReLU that is no module there.
  @discardableResult
  mutating func basicConvolution(
    _ path: String, _ input: Int, _ output: Int, kernel: [Int], stride: Int = 1, padding: [Int] = [0, 0],
    from entry: Int? = nil
  ) throws -> Int {
    let geometry = ConvolutionGeometry(
      strides: [stride, stride], dilations: [1, 1], paddingBegin: padding, paddingEnd: padding, groups: 1)
    try convolution("\(path).conv", input, output, kernel: kernel, geometry, bias: false, from: entry)
    try batchNorm("\(path).bn", output, epsilon: 1e-3)
    return activation("\(path).relu", .relu)
  }
}
