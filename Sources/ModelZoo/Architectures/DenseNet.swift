import Foundation

/// torchvision's DenseNet-BC (Huang et al., "Densely connected convolutional networks", CVPR 2017), with torchvision's
/// module names.
///
/// Concatenations are no modules in torchvision; they are `….cat` here: one before each layer, one after each block.
struct DenseNet: Architecture {
  /// Layers of each of the four blocks.
  let blocks: [Int]
  /// Channels that each layer adds.
  let growth: Int
  /// Channels after the first convolution.
  let initial: Int
  let name: String
  let summary: String
  /// A batch norm that follows a convolution in the list of modules need not read it: merging in sequence is wrong.
  let card = CardTemplate.imageNet(composite: "epsilon_plus_flat", canonizers: ["auto"])
  let classifier = "classifier"

  init(depth: Int, blocks: [Int], growth: Int = 32, initial: Int = 64) {
    self.blocks = blocks
    self.growth = growth
    self.initial = initial
    name = "densenet\(depth)"
    summary = "DenseNet-\(depth)"
  }

  /// Files published before 2019 have dots in the names of a layer's modules: `denselayer1.norm.1.weight`.
  func publishedNames(_ parameter: String) -> [String] {
    guard let range = parameter.range(of: #"denselayer\d+\.(norm|conv)"#, options: .regularExpression) else {
      return []
    }
    return [parameter[..<range.upperBound] + "." + parameter[range.upperBound...]]
  }

  func build(_ model: inout ModelBuilder, classes: Int) throws {
    try model.convolution("features.conv0", 3, initial, kernel: 7, stride: 2, padding: 3)
    try model.batchNorm("features.norm0", initial)
    model.relu("features.relu0")
    model.maxPool("features.pool0", kernel: 3, stride: 2, padding: 1)
    var channels = initial
    for (index, layers) in blocks.enumerated() {
      let path = "features.denseblock\(index + 1)"
      var features = [model.last]
      for layer in 0..<layers {
        try denseLayer(&model, "\(path).denselayer\(layer + 1)", channels, features)
        features.append(model.last)
        channels += growth
      }
      model.concatenation("\(path).cat", features)
      if index < blocks.count - 1 {
        try transition(&model, "features.transition\(index + 1)", channels)
        channels /= 2
      }
    }
    try model.batchNorm("features.norm5", channels)
    model.relu("relu")
    model.adaptiveAveragePool("adaptive_avg_pool2d", side: 1)
    model.flatten("flatten")
    try model.fullyConnected(classifier, channels, classes)
  }

  private func denseLayer(_ model: inout ModelBuilder, _ path: String, _ channels: Int, _ features: [Int]) throws {
    model.concatenation("\(path).cat", features)
    try model.batchNorm("\(path).norm1", channels)
    model.relu("\(path).relu1")
    try model.convolution("\(path).conv1", channels, 4 * growth, kernel: 1)
    try model.batchNorm("\(path).norm2", 4 * growth)
    model.relu("\(path).relu2")
    try model.convolution("\(path).conv2", 4 * growth, growth, kernel: 3, padding: 1)
  }

  private func transition(_ model: inout ModelBuilder, _ path: String, _ channels: Int) throws {
    try model.batchNorm("\(path).norm", channels)
    model.relu("\(path).relu")
    try model.convolution("\(path).conv", channels, channels / 2, kernel: 1)
    model.averagePool("\(path).pool", kernel: 2, stride: 2)
  }
}
