/// torchvision's SqueezeNet (Iandola et al., arXiv:1602.07360), with torchvision's module names.
struct SqueezeNet: Architecture {
  private enum Step {
    case pool
    /// A fire module: channels after squeezing, and of each of its two expansions.
    case fire(Int, Int)
  }

  let name: String
  let summary: String
  private let stem: (width: Int, kernel: Int)
  private let steps: [Step]
  let card = CardTemplate.imageNet(composite: "epsilon_gamma_box", canonizers: [])
  let classifier = "classifier.1"

  static let original = SqueezeNet(
    "1.0", stem: (96, 7),
    [
      .pool, .fire(16, 64), .fire(16, 64), .fire(32, 128), .pool, .fire(32, 128), .fire(48, 192), .fire(48, 192),
      .fire(64, 256), .pool, .fire(64, 256),
    ])
  static let revised = SqueezeNet(
    "1.1", stem: (64, 3),
    [
      .pool, .fire(16, 64), .fire(16, 64), .pool, .fire(32, 128), .fire(32, 128), .pool, .fire(48, 192),
      .fire(48, 192), .fire(64, 256), .fire(64, 256),
    ])

  private init(_ version: String, stem: (Int, Int), _ steps: [Step]) {
    name = "squeezenet" + version.replacing(".", with: "_")
    summary = "SqueezeNet \(version)"
    self.stem = stem
    self.steps = steps
  }

  func build(_ model: inout ModelBuilder, classes: Int) throws {
    try model.convolution("features.0", 3, stem.width, kernel: stem.kernel, stride: 2, bias: true)
    model.relu("features.1")
    var channels = stem.width
    for (index, step) in steps.enumerated() {
      let path = "features.\(index + 2)"
      switch step {
      case .pool: model.maxPool(path, kernel: 3, stride: 2, ceil: true)
      case .fire(let squeezed, let expanded):
        try fire(&model, path, channels, squeezed, expanded)
        channels = 2 * expanded
      }
    }
    model.dropout("classifier.0")
    try model.convolution(classifier, channels, classes, kernel: 1, bias: true)
    model.relu("classifier.2")
    model.adaptiveAveragePool("classifier.3", side: 1)
    model.flatten("flatten")
  }

  private func fire(
    _ model: inout ModelBuilder, _ path: String, _ channels: Int, _ squeezed: Int, _ expanded: Int
  ) throws {
    try model.convolution("\(path).squeeze", channels, squeezed, kernel: 1, bias: true)
    let entry = model.activation("\(path).squeeze_activation", .relu)
    let branches = try [1, 3].map { kernel in
      let name = "\(path).expand\(kernel)x\(kernel)"
      try model.convolution(name, squeezed, expanded, kernel: kernel, padding: kernel / 2, bias: true, from: entry)
      return model.activation("\(name)_activation", .relu)
    }
    model.concatenation("\(path).cat", branches)
  }
}
