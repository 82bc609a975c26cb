/// A family member of which networks can be built: names, shapes and order of its layers, without numbers.
protocol Architecture: Sendable {
  /// What `--model` takes.
  var name: String { get }
  /// A few words for the list of models.
  var summary: String { get }
  /// Whether the program brings trained parameters along.
  var isEmbedded: Bool { get }
  var card: CardTemplate { get }
  /// The path of the layer whose outputs are the classes.
  var classifier: String { get }
  /// What published weights call a parameter whose name here differs.
  func publishedName(_ parameter: String) -> String?
  /// Adds all layers to `model`.
  func build(_ model: inout ModelBuilder, classes: Int) throws
}

extension Architecture {
  var isEmbedded: Bool { false }
  func publishedName(_ parameter: String) -> String? { nil }
}

/// Every architecture, the embedded ones first.
enum Architectures {
  static let all: [any Architecture] = [
    EfficientNetLite0(), FashionMLP(), FashionVGG(), FashionResNet(),
    VGG(depth: 11, stages: [1, 1, 2, 2, 2], batchNorm: false),
    VGG(depth: 11, stages: [1, 1, 2, 2, 2], batchNorm: true),
    VGG(depth: 13, stages: [2, 2, 2, 2, 2], batchNorm: false),
    VGG(depth: 13, stages: [2, 2, 2, 2, 2], batchNorm: true),
    VGG(depth: 16, stages: [2, 2, 3, 3, 3], batchNorm: false),
    VGG(depth: 16, stages: [2, 2, 3, 3, 3], batchNorm: true),
    VGG(depth: 19, stages: [2, 2, 4, 4, 4], batchNorm: false),
    VGG(depth: 19, stages: [2, 2, 4, 4, 4], batchNorm: true),
    ResNet(depth: 18, blocks: [2, 2, 2, 2], bottleneck: false),
    ResNet(depth: 34, blocks: [3, 4, 6, 3], bottleneck: false),
    ResNet(depth: 50, blocks: [3, 4, 6, 3], bottleneck: true),
    ResNet(depth: 101, blocks: [3, 4, 23, 3], bottleneck: true),
    ResNet(depth: 152, blocks: [3, 8, 36, 3], bottleneck: true),
  ]
}
