/// A multilayer perceptron for Fashion-MNIST: 784-256-128-10.
struct FashionMLP: Architecture {
  let name = "fashion_mlp"
  let summary = "Multilayer perceptron, trained on Fashion-MNIST"
  let isEmbedded = true
  let card = CardTemplate.fashion(composite: "epsilon_plus", picture: "images/fashion_ankle_boot.png")
  let classifier = "classifier.4"

  func build(_ model: inout ModelBuilder, classes: Int) throws {
    model.flatten("flatten")
    try model.fullyConnected("classifier.0", 784, 256)
    model.relu("classifier.1")
    try model.fullyConnected("classifier.2", 256, 128)
    model.relu("classifier.3")
    try model.fullyConnected(classifier, 128, classes)
  }
}

/// A small VGG for Fashion-MNIST: three times convolution, batch norm, ReLU, max pooling.
struct FashionVGG: Architecture {
  let name = "fashion_vgg"
  let summary = "Small VGG with batch normalisation, trained on Fashion-MNIST"
  let isEmbedded = true
  let card = CardTemplate.fashion(composite: "epsilon_gamma_box", picture: "images/fashion_sneaker.png")
  let classifier = "classifier.3"

  func build(_ model: inout ModelBuilder, classes: Int) throws {
    var channels = 1
    for (stage, width) in [32, 64, 128].enumerated() {
      try model.convolution("features.\(4 * stage)", channels, width, kernel: 3, padding: 1, bias: true)
      try model.batchNorm("features.\(4 * stage + 1)", width)
      model.relu("features.\(4 * stage + 2)")
      model.maxPool("features.\(4 * stage + 3)", kernel: 2, stride: 2)
      channels = width
    }
    model.flatten("flatten")
    try model.fullyConnected("classifier.0", channels * 9, 128)
    model.relu("classifier.1")
    model.dropout("classifier.2")
    try model.fullyConnected(classifier, 128, classes)
  }
}

/// A small ResNet for Fashion-MNIST: a stem and three basic blocks whose additions are `Sum` layers.
///
/// Raw, it is as most people's networks are: the same parameters, but additions written as `+`, which no rule reaches,
/// and a softmax at the end. Canonizers repair it; switched off, they show what they are for.
struct FashionResNet: Architecture {
  var isRaw = false

  var name: String { isRaw ? "fashion_resnet_raw" : "fashion_resnet" }
  var summary: String {
    isRaw
      ? "The same, its additions written as + and with a softmax: for breaking it"
      : "Small ResNet with Sum layers, trained on Fashion-MNIST"
  }
  let isEmbedded = true
  let parametersName = "fashion_resnet"
  var card: CardTemplate {
    CardTemplate.fashion(
      composite: "epsilon_gamma_box", picture: "images/fashion_bag.png",
      canonizers: ["SequentialMergeBatchNorm"] + (isRaw ? ["ResidualSums", "LogitOutput"] : []))
  }
  let classifier = "fc"

  func build(_ model: inout ModelBuilder, classes: Int) throws {
    try model.convolution("conv1", 1, 32, kernel: 3, stride: 2, padding: 1)
    try model.batchNorm("bn1", 32)
    model.relu("relu")
    var channels = 32
    for (stage, width) in [32, 64, 128].enumerated() {
      let path = "layer\(stage + 1).0"
      let (entry, stride) = (model.last, stage == 0 ? 1 : 2)
      try model.convolution("\(path).conv1", channels, width, kernel: 3, stride: stride, padding: 1)
      try model.batchNorm("\(path).bn1", width)
      model.relu("\(path).relu1")
      try model.convolution("\(path).conv2", width, width, kernel: 3, padding: 1)
      let residual = try model.batchNorm("\(path).bn2", width)
      var skip = entry
      if stride != 1 {
        try model.convolution("\(path).downsample.0", channels, width, kernel: 1, stride: stride, from: entry)
        skip = try model.batchNorm("\(path).downsample.1", width)
      }
      if isRaw { model.add("\(path).add", skip, residual) } else { model.sum("\(path).sum", skip, residual) }
      model.relu("\(path).relu2")
      channels = width
    }
    model.adaptiveAveragePool("avgpool", side: 1)
    model.flatten("flatten")
    try model.fullyConnected(classifier, channels, classes)
    if isRaw { model.softmax("softmax") }
  }
}
