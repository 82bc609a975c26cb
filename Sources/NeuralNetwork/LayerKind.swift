/// The class of a layer, named as in PyTorch so that composites can be written with familiar words.
public enum LayerKind: String, Hashable, Sendable, CaseIterable {
  case input = "Input"
  // Convolutions
  case conv1d = "Conv1d"
  case conv2d = "Conv2d"
  case conv3d = "Conv3d"
  case convTranspose1d = "ConvTranspose1d"
  case convTranspose2d = "ConvTranspose2d"
  case convTranspose3d = "ConvTranspose3d"
  /// `torch.nn.Linear`, called fully connected here because zennit's type `Linear` also covers convolutions.
  case fullyConnected = "FullyConnected"
  // Normalisation
  case batchNorm1d = "BatchNorm1d"
  case batchNorm2d = "BatchNorm2d"
  case batchNorm3d = "BatchNorm3d"
  case frozenBatchNorm2d = "FrozenBatchNorm2d"
  case localResponseNorm = "LocalResponseNorm"
  case layerNorm = "LayerNorm"
  case groupNorm = "GroupNorm"
  case instanceNorm1d = "InstanceNorm1d"
  case instanceNorm2d = "InstanceNorm2d"
  case instanceNorm3d = "InstanceNorm3d"
  // Pooling
  case avgPool1d = "AvgPool1d"
  case avgPool2d = "AvgPool2d"
  case avgPool3d = "AvgPool3d"
  case adaptiveAvgPool1d = "AdaptiveAvgPool1d"
  case adaptiveAvgPool2d = "AdaptiveAvgPool2d"
  case adaptiveAvgPool3d = "AdaptiveAvgPool3d"
  case lpPool = "LPPool"
  case maxPool1d = "MaxPool1d"
  case maxPool2d = "MaxPool2d"
  case maxPool3d = "MaxPool3d"
  case adaptiveMaxPool1d = "AdaptiveMaxPool1d"
  case adaptiveMaxPool2d = "AdaptiveMaxPool2d"
  case adaptiveMaxPool3d = "AdaptiveMaxPool3d"
  // Activations (the 22 of zennit.types)
  case elu = "ELU"
  case hardshrink = "Hardshrink"
  case hardsigmoid = "Hardsigmoid"
  case hardtanh = "Hardtanh"
  case hardswish = "Hardswish"
  case leakyReLU = "LeakyReLU"
  case logSigmoid = "LogSigmoid"
  case prelu = "PReLU"
  case relu = "ReLU"
  case relu6 = "ReLU6"
  case rrelu = "RReLU"
  case selu = "SELU"
  case celu = "CELU"
  case gelu = "GELU"
  case sigmoid = "Sigmoid"
  case silu = "SiLU"
  case softplus = "Softplus"
  case softshrink = "Softshrink"
  case softsign = "Softsign"
  case tanh = "Tanh"
  case tanhshrink = "Tanhshrink"
  case threshold = "Threshold"
  /// An activation that zennit has no type for.
  case mish = "Mish"
  // Recurrent layers
  case lstm = "LSTM"
  case gru = "GRU"
  case rnn = "RNN"
  /// A recurrent layer whose gates count as constants and that takes a rule; what a canonizer makes of one.
  case gatedRecurrence = "GatedRecurrence"
  // Everything else
  /// A named sum of several inputs that takes a rule, as zennit's `Sum` module.
  case sum = "Sum"
  /// A plain `+` in a model's code: no module, so no rule reaches it.
  case add = "Add"
  /// A product of activations in a model's code, such as a gate: no module.
  case product = "Product"
  /// A product whose gate counts as a constant and that takes a rule; what a canonizer makes of a ``product``.
  case gatedProduct = "GatedProduct"
  /// A product of an activation and constants in a model's code: no module.
  case scale = "Scale"
  /// A sum of an activation and constants in a model's code: no module.
  case shift = "Shift"
  /// A product with a constant matrix in a model's code, such as einsum's: no module.
  case matrixProduct = "MatrixProduct"
  /// Numbers that do not depend on the input, where an operation needs them as an input of its own.
  case constant = "Constant"
  /// A difference of two activations in a model's code: no module.
  case difference = "Difference"
  /// Any other operation on two activations in a model's code, such as a quotient or the larger of both: no module.
  case arithmetic = "Arithmetic"
  /// A function of single elements in a model's code, such as a root: no module.
  case function = "Function"
  /// One of two activations for each element, by a condition: no module.
  case choice = "Where"
  /// A sum, norm or extremum over some axes in a model's code: no module.
  case reduction = "Reduction"
  case upsample = "Upsample"
  case concatenation = "Concatenation"
  case flatten = "Flatten"
  case reshape = "Reshape"
  case transpose = "Transpose"
  case slice = "Slice"
  /// Rows by indices in a model's code, or in steps: no module.
  case gather = "Gather"
  /// Rows that are repeated in a model's code: no module.
  case expand = "Expand"
  case channelShuffle = "ChannelShuffle"
  case dropout = "Dropout"
  case identity = "Identity"
  case padding = "Padding"
  case softmax = "Softmax"
  case logSoftmax = "LogSoftmax"
}

extension LayerKind {
  /// Whether the name is an operation's that is no module (``LayerTraits/isFunctional``), so that no rule can be assigned
  /// by it. Without a default: a new name is one or the other.
  public var isOperation: Bool {
    switch self {
    case .input, .add, .product, .scale, .shift, .matrixProduct, .constant, .difference, .arithmetic,
      .function, .choice, .reduction, .concatenation, .reshape, .transpose, .slice, .gather, .expand,
      .channelShuffle:
      true
    case .conv1d, .conv2d, .conv3d, .convTranspose1d, .convTranspose2d, .convTranspose3d, .fullyConnected,
      .batchNorm1d, .batchNorm2d, .batchNorm3d, .frozenBatchNorm2d, .localResponseNorm, .layerNorm,
      .groupNorm, .instanceNorm1d, .instanceNorm2d, .instanceNorm3d, .avgPool1d, .avgPool2d, .avgPool3d,
      .adaptiveAvgPool1d, .adaptiveAvgPool2d, .adaptiveAvgPool3d, .lpPool, .maxPool1d, .maxPool2d,
      .maxPool3d, .adaptiveMaxPool1d, .adaptiveMaxPool2d, .adaptiveMaxPool3d, .elu, .hardshrink,
      .hardsigmoid, .hardtanh, .hardswish, .leakyReLU, .logSigmoid, .prelu, .relu, .relu6, .rrelu, .selu,
      .celu, .gelu, .sigmoid, .silu, .softplus, .softshrink, .softsign, .tanh, .tanhshrink, .threshold,
      .mish, .lstm, .gru, .rnn, .gatedRecurrence, .sum, .gatedProduct, .upsample, .flatten, .dropout,
      .identity, .padding, .softmax, .logSoftmax:
      false
    }
  }
}

/// A family of layer kinds that a composite's map may ask for: zennit's type classes, or one kind by itself.
public struct LayerType: Hashable, Sendable {
  /// The name used in composite files: `Convolution`, `Linear`, `Activation`, `ReLU`, …
  public let name: String
  public let kinds: Set<LayerKind>

  /// A family of one's own, for maps in code. Composite files know those of ``all`` only; there its kinds are listed.
  public init(_ name: String, _ kinds: Set<LayerKind>) {
    self.name = name
    self.kinds = kinds
  }

  /// The family of a single kind.
  public init(_ kind: LayerKind) { self.init(kind.rawValue, [kind]) }

  public func contains(_ kind: LayerKind) -> Bool { kinds.contains(kind) }

  public static let convolutionStandard = LayerType("ConvolutionStandard", [.conv1d, .conv2d, .conv3d])
  public static let convolutionTranspose = LayerType(
    "ConvolutionTranspose", [.convTranspose1d, .convTranspose2d, .convTranspose3d])
  public static let convolution = LayerType(
    "Convolution", convolutionStandard.kinds.union(convolutionTranspose.kinds))
  /// Convolutions and fully connected layers, as `zennit.types.Linear`.
  public static let linear = LayerType("Linear", convolution.kinds.union([.fullyConnected]))
  /// `torch.nn.Linear` only.
  public static let fullyConnected = LayerType(.fullyConnected)
  public static let batchNorm = LayerType(
    "BatchNorm", [.batchNorm1d, .batchNorm2d, .batchNorm3d, .frozenBatchNorm2d])
  public static let avgPool = LayerType(
    "AvgPool",
    [.avgPool1d, .avgPool2d, .avgPool3d, .adaptiveAvgPool1d, .adaptiveAvgPool2d, .adaptiveAvgPool3d])
  public static let maxPool = LayerType(
    "MaxPool",
    [.maxPool1d, .maxPool2d, .maxPool3d, .adaptiveMaxPool1d, .adaptiveMaxPool2d, .adaptiveMaxPool3d])
  public static let activation = LayerType(
    "Activation",
    [
      .elu, .hardshrink, .hardsigmoid, .hardtanh, .hardswish, .leakyReLU, .logSigmoid, .prelu, .relu, .relu6,
      .rrelu, .selu, .celu, .gelu, .sigmoid, .silu, .softplus, .softshrink, .softsign, .tanh, .tanhshrink,
      .threshold,
    ])
  public static let sum = LayerType(.sum)
  public static let gatedProduct = LayerType(.gatedProduct)
  public static let gatedRecurrence = LayerType(.gatedRecurrence)
  public static let relu = LayerType(.relu)

  /// Every name a composite file may use: the families, then the single kinds.
  public static let all: [LayerType] =
    [.convolution, .convolutionStandard, .convolutionTranspose, .linear, .batchNorm, .avgPool, .maxPool, .activation]
    + LayerKind.allCases.filter { $0 != .input }.map { LayerType($0) }

  /// Whether rules can be assigned by this type: not all of its kinds are operations without a module.
  public var takesRules: Bool { !kinds.allSatisfy(\.isOperation) }

  /// The type itself where composite files have a word for it, else its kinds.
  public var named: [LayerType] {
    LayerType.named(name) == self ? [self] : LayerKind.allCases.filter(kinds.contains).map { LayerType($0) }
  }

  /// The type of that name, or `nil`.
  public static func named(_ name: String) -> LayerType? { all.first { $0.name == name } }
}
