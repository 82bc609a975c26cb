/// torchvision's AlexNet (Krizhevsky, "One weird trick for parallelizing convolutional neural networks",
/// arXiv:1404.5997), with torchvision's module names.
struct AlexNet: Architecture {
  let name = "alexnet"
  let summary = "AlexNet"
  let card = CardTemplate.imageNet(composite: "epsilon_gamma_box", canonizers: [])
  let classifier = "classifier.6"

  func build(_ model: inout ModelBuilder, classes: Int) throws {
    try model.convolution("features.0", 3, 64, kernel: 11, stride: 4, padding: 2, bias: true)
    model.relu("features.1")
    model.maxPool("features.2", kernel: 3, stride: 2)
    try model.convolution("features.3", 64, 192, kernel: 5, padding: 2, bias: true)
    model.relu("features.4")
    model.maxPool("features.5", kernel: 3, stride: 2)
    for (index, (input, output)) in [(192, 384), (384, 256), (256, 256)].enumerated() {
      try model.convolution("features.\(6 + 2 * index)", input, output, kernel: 3, padding: 1, bias: true)
      model.relu("features.\(7 + 2 * index)")
    }
    model.maxPool("features.12", kernel: 3, stride: 2)
    model.adaptiveAveragePool("avgpool", side: 6)
    model.flatten("flatten")
    model.dropout("classifier.0")
    try model.fullyConnected("classifier.1", 256 * 36, 4096)
    model.relu("classifier.2")
    model.dropout("classifier.3")
    try model.fullyConnected("classifier.4", 4096, 4096)
    model.relu("classifier.5")
    try model.fullyConnected(classifier, 4096, classes)
  }
}
