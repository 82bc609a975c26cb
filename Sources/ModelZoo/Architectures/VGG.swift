/// torchvision's VGG (Simonyan and Zisserman, "Very deep convolutional networks for large-scale image recognition", ICLR
/// 2015), with torchvision's module names.
struct VGG: Architecture {
  /// Widths of the convolutions of each of the five stages; a max pooling ends a stage.
  let stages: [[Int]]
  let hasBatchNorm: Bool
  let name: String
  let summary: String
  let card = CardTemplate.imageNet(composite: "epsilon_gamma_box", canonizers: ["SequentialMergeBatchNorm"])
  let classifier = "classifier.6"

  init(depth: Int, stages: [Int], batchNorm: Bool) {
    self.stages = zip(stages, [64, 128, 256, 512, 512]).map { [Int](repeating: $1, count: $0) }
    hasBatchNorm = batchNorm
    name = "vgg\(depth)" + (batchNorm ? "_bn" : "")
    summary = "VGG-\(depth)" + (batchNorm ? " with batch normalisation" : "")
  }

  /// timm's names: the first two fully connected layers are convolutions there, with the same numbers.
  func publishedNames(_ parameter: String) -> [String] {
    let modules = ["classifier.0": "pre_logits.fc1", "classifier.3": "pre_logits.fc2", "classifier.6": "head.fc"]
    return modules.compactMap { ours, timms in
      parameter.hasPrefix(ours + ".") ? timms + parameter.dropFirst(ours.count) : nil
    }
  }

  func build(_ model: inout ModelBuilder, classes: Int) throws {
    var (index, channels) = (0, 3)
    func next() -> String {
      defer { index += 1 }
      return "features.\(index)"
    }
    for stage in stages {
      for width in stage {
        try model.convolution(next(), channels, width, kernel: 3, padding: 1, bias: true)
        if hasBatchNorm { try model.batchNorm(next(), width) }
        model.relu(next())
        channels = width
      }
      model.maxPool(next(), kernel: 2, stride: 2)
    }
    model.adaptiveAveragePool("avgpool", side: 7)
    model.flatten("flatten")
    try model.fullyConnected("classifier.0", channels * 49, 4096)
    model.relu("classifier.1")
    model.dropout("classifier.2")
    try model.fullyConnected("classifier.3", 4096, 4096)
    model.relu("classifier.4")
    model.dropout("classifier.5")
    try model.fullyConnected(classifier, 4096, classes)
  }
}
