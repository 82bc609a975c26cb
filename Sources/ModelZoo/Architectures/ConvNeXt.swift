import Compute

/// torchvision's ConvNeXt (Liu et al., CVPR 2022), with torchvision's module names. The layer scale's product and the
/// addition of a block are no modules there; they are `features.N.M.mul` and `features.N.M.add` here.
struct ConvNeXt: Architecture {
  /// Width and number of blocks of each of the four stages.
  private let stages: [(width: Int, blocks: Int)]
  let name: String
  let summary: String
  let card: CardTemplate
  let classifier = "classifier.2"

  init(_ size: String, widths: [Int], blocks: [Int], resize: Int) {
    name = "convnext_\(size)"
    summary = "ConvNeXt \(size)"
    card = .imageNet(composite: "epsilon_plus_flat", canonizers: ["auto"], resize: resize)
    stages = zip(widths, blocks).map { (width: $0, blocks: $1) }
  }

  /// timm's names: `stages.1.blocks.0.mlp.fc1.weight` for `features.3.0.block.3.weight`.
  func publishedNames(_ parameter: String) -> [String] {
    let parts = parameter.split(separator: ".").map(String.init)
    if parts[0] == "classifier" {
      return ["0": "head.norm", "2": "head.fc"][parts[1]].map { ["\($0).\(parts[2])"] } ?? []
    }
    guard parts.count >= 4, let index = Int(parts[1]) else { return [] }
    if index == 0 { return ["stem.\(parts[2]).\(parts[3])"] }
    if index % 2 == 0 { return ["stages.\(index / 2).downsample.\(parts[2]).\(parts[3])"] }
    let block = "stages.\(index / 2).blocks.\(parts[2])"
    if parts[3] == "layer_scale" { return ["\(block).gamma"] }
    let modules = ["0": "conv_dw", "2": "norm", "3": "mlp.fc1", "5": "mlp.fc2"]
    guard parts.count == 6, let module = modules[parts[4]] else { return [] }
    return ["\(block).\(module).\(parts[5])"]
  }

  func build(_ model: inout ModelBuilder, classes: Int) throws {
    var channels = 3
    for (index, stage) in stages.enumerated() {
      if index == 0 {
        try model.convolution("features.0.0", channels, stage.width, kernel: 4, stride: 4, bias: true)
        try model.layerNorm("features.0.1", stage.width, overChannels: true)
      } else {
        try model.layerNorm("features.\(2 * index).0", channels, overChannels: true)
        try model.convolution("features.\(2 * index).1", channels, stage.width, kernel: 2, stride: 2, bias: true)
      }
      channels = stage.width
      for place in 0..<stage.blocks { try block(&model, "features.\(2 * index + 1).\(place)", channels) }
    }
    model.adaptiveAveragePool("avgpool", side: 1)
    try model.layerNorm("classifier.0", channels, overChannels: true)
    model.flatten("classifier.1")
    try model.fullyConnected(classifier, channels, classes)
  }

  private func block(_ model: inout ModelBuilder, _ path: String, _ width: Int) throws {
    let entry = model.last
    try model.convolution("\(path).block.0", width, width, kernel: 7, padding: 3, groups: width, bias: true)
    try model.transpose("\(path).block.1", order: [0, 2, 3, 1])
    try model.layerNorm("\(path).block.2", width)
    try model.fullyConnected("\(path).block.3", width, 4 * width)
    model.activation("\(path).block.4", .gelu())
    try model.fullyConnected("\(path).block.5", 4 * width, width)
    try model.transpose("\(path).block.6", order: [0, 3, 1, 2])
    try model.scale("\(path).mul", parameter: "\(path).layer_scale", width)
    model.dropout("\(path).stochastic_depth")
    model.add("\(path).add", model.last, entry)
  }
}
