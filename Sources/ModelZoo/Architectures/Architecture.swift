/// A family member of which networks can be built: names, shapes and order of its layers, without numbers.
protocol Architecture: Sendable {
  /// What `--model` takes.
  var name: String { get }
  /// A few words for the list of models.
  var summary: String { get }
  /// Whether the program brings trained parameters along.
  var isEmbedded: Bool { get }
  /// The file of those parameters, without its ending.
  var parametersName: String { get }
  var card: CardTemplate { get }
  /// The path of the layer whose outputs are the classes.
  var classifier: String { get }
  /// What published weights call a parameter whose name here differs, those of timm among them.
  func publishedNames(_ parameter: String) -> [String]
  /// Modules that evaluation does not run, such as auxiliary heads; their parameters in a file are passed over.
  var unusedModules: [String] { get }
  /// Adds all layers to `model`.
  func build(_ model: inout ModelBuilder, classes: Int) throws
}

extension Architecture {
  var isEmbedded: Bool { false }
  var parametersName: String { name }
  func publishedNames(_ parameter: String) -> [String] { [] }
  var unusedModules: [String] { [] }
}

/// Every architecture, the embedded ones first.
enum Architectures {
  static let all: [any Architecture] = embedded + wanting + plain + residual + concatenating + mobile

  /// The architecture of this name; timm's names of pretrained networks are understood as well.
  static func named(_ name: String) -> (any Architecture)? {
    all.first { $0.name == name } ?? TimmModel(name)
  }

  private static let embedded: [any Architecture] = [
    EfficientNetLite(0, width: 1, depth: 1, side: 224, isEmbedded: true), FashionMLP(), FashionVGG(), FashionResNet(),
    FashionResNet(isRaw: true),
  ]

  /// Trained weights are published, but not brought along.
  private static let wanting: [any Architecture] = [
    EfficientNetLite(1, width: 1, depth: 1.1, side: 240), EfficientNetLite(2, width: 1.1, depth: 1.2, side: 260),
  ]

  private static let plain: [any Architecture] = [
    AlexNet(),
    VGG(depth: 11, stages: [1, 1, 2, 2, 2], batchNorm: false),
    VGG(depth: 11, stages: [1, 1, 2, 2, 2], batchNorm: true),
    VGG(depth: 13, stages: [2, 2, 2, 2, 2], batchNorm: false),
    VGG(depth: 13, stages: [2, 2, 2, 2, 2], batchNorm: true),
    VGG(depth: 16, stages: [2, 2, 3, 3, 3], batchNorm: false),
    VGG(depth: 16, stages: [2, 2, 3, 3, 3], batchNorm: true),
    VGG(depth: 19, stages: [2, 2, 4, 4, 4], batchNorm: false),
    VGG(depth: 19, stages: [2, 2, 4, 4, 4], batchNorm: true),
  ]

  private static let residual: [any Architecture] = [
    ResNet(depth: 18, blocks: [2, 2, 2, 2], bottleneck: false),
    ResNet(depth: 34, blocks: [3, 4, 6, 3], bottleneck: false),
    ResNet(depth: 50, blocks: [3, 4, 6, 3], bottleneck: true),
    ResNet(depth: 101, blocks: [3, 4, 23, 3], bottleneck: true),
    ResNet(depth: 152, blocks: [3, 8, 36, 3], bottleneck: true),
    ResNet(
      name: "resnext50_32x4d", summary: "ResNeXt-50, 32 groups of 4", blocks: [3, 4, 6, 3], groups: 32, groupWidth: 4),
    ResNet(
      name: "resnext101_32x8d", summary: "ResNeXt-101, 32 groups of 8", blocks: [3, 4, 23, 3], groups: 32,
      groupWidth: 8),
    ResNet(
      name: "resnext101_64x4d", summary: "ResNeXt-101, 64 groups of 4", blocks: [3, 4, 23, 3], groups: 64,
      groupWidth: 4, resize: 232),
    ResNet(
      name: "wide_resnet50_2", summary: "Wide ResNet-50, twice as wide", blocks: [3, 4, 6, 3], groupWidth: 128),
    ResNet(
      name: "wide_resnet101_2", summary: "Wide ResNet-101, twice as wide", blocks: [3, 4, 23, 3], groupWidth: 128),
    ConvNeXt("tiny", widths: [96, 192, 384, 768], blocks: [3, 3, 9, 3], resize: 236),
    ConvNeXt("small", widths: [96, 192, 384, 768], blocks: [3, 3, 27, 3], resize: 230),
    ConvNeXt("base", widths: [128, 256, 512, 1024], blocks: [3, 3, 27, 3], resize: 232),
    ConvNeXt("large", widths: [192, 384, 768, 1536], blocks: [3, 3, 27, 3], resize: 232),
  ]

  private static let concatenating: [any Architecture] = [
    DenseNet(depth: 121, blocks: [6, 12, 24, 16]),
    DenseNet(depth: 161, blocks: [6, 12, 36, 24], growth: 48, initial: 96),
    DenseNet(depth: 169, blocks: [6, 12, 32, 32]),
    DenseNet(depth: 201, blocks: [6, 12, 48, 32]),
    SqueezeNet.original, SqueezeNet.revised, GoogLeNet(), InceptionV3(),
  ]

  private static let mobile: [any Architecture] =
    [
      MobileNetV2(), MobileNetV3.small, MobileNetV3.large,
      MNASNet("0.5"), MNASNet("0.75", resize: 232), MNASNet("1.0"), MNASNet("1.3", resize: 232),
      ShuffleNetV2("0.5", widths: [48, 96, 192]), ShuffleNetV2("1.0", widths: [116, 232, 464]),
      ShuffleNetV2("1.5", widths: [176, 352, 704], resize: 232),
      ShuffleNetV2("2.0", widths: [244, 488, 976], last: 2048, resize: 232),
      EfficientNet(b: 0, width: 1.0, depth: 1.0, resize: 256, crop: 224),
      EfficientNet(b: 1, width: 1.0, depth: 1.1, resize: 256, crop: 240),
      EfficientNet(b: 2, width: 1.1, depth: 1.2, resize: 288, crop: 288),
      EfficientNet(b: 3, width: 1.2, depth: 1.4, resize: 320, crop: 300),
      EfficientNet(b: 4, width: 1.4, depth: 1.8, resize: 384, crop: 380),
      EfficientNet(b: 5, width: 1.6, depth: 2.2, resize: 456, crop: 456, epsilon: 1e-3),
      EfficientNet(b: 6, width: 1.8, depth: 2.6, resize: 528, crop: 528, epsilon: 1e-3),
      EfficientNet(b: 7, width: 2.0, depth: 3.1, resize: 600, crop: 600, epsilon: 1e-3),
    ] + EfficientNet.v2
}

extension Architectures {
  /// The architecture of which `name` is a variant with another network: `resnet50` for `resnet50d`, `seresnet50` and
  /// `resnet50_gn`, `resnext50_32x4d` for `resnext50d_32x4d`. What is added before or after it, or behind one of its
  /// numbers, begins with a letter; other differences are slips of the pen.
  static func relative(of name: String) -> String? {
    all.map(\.name).filter { isVariant(name.prefix { $0 != "." }, of: $0) }.max { $0.count < $1.count }
  }

  private static func isVariant(_ name: Substring, of known: String) -> Bool {
    guard name.count > known.count else { return false }
    let start = name.commonPrefix(with: known).count
    // The same letter at both sides of what is added can be counted to either.
    for length in 0...start {
      let (before, after) = (known.prefix(length), known.dropFirst(length))
      guard name.hasSuffix(after), let first = name.dropFirst(length).first, first.isLetter || first == "_" else {
        continue
      }
      if before.isEmpty || after.isEmpty || before.last?.isNumber == true { return true }
    }
    return false
  }
}
