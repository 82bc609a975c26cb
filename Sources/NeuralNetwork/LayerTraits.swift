/// What others ask of a layer. Nothing has a default: a new layer does not compile until it has answered, and nobody keeps
/// a list of layers that have a trait.
public struct LayerTraits: Hashable, Sendable {
  /// How the output depends on the inputs.
  public enum Linearity: Hashable, Sendable {
    /// `f(x) = A x`, plus nothing but the ``ParameterizedLayer/offset`` of its parameters.
    case linear
    /// `f(x) = A x + c` where `c` is no parameter's.
    case affine
    case nonlinear
    /// The input is divided by a spread of its own. Without a rule relevance goes through as a plain gradient, which
    /// conserves nothing.
    case normalizing
  }

  /// What is known of the output's signs.
  public enum Signs: Hashable, Sendable {
    /// No element is negative, whatever the inputs.
    case nonnegative
    /// No element is negative if none of the inputs is.
    case keepsNonnegative
    case unknown
  }

  /// How many axes the output has, the batch's included.
  public enum Axes: Hashable, Sendable {
    /// As many as the input: always so many, or any number if `nil`.
    case kept(Int?)
    /// So many, whatever the input has; `nil` where that is not known.
    case fixed(Int?)
    /// So many less than the input.
    case fewer(Int)
    /// Those from `first` to `last` become one; negative numbers count from the end.
    case joined(first: Int, last: Int)
  }

  public let linearity: Linearity
  public let signs: Signs
  public let axes: Axes
  /// Whether a model's code calls the layer as a plain function, so that there is no module to hang a rule on.
  public let isFunctional: Bool
  /// Whether each sample of the output depends on that sample of the inputs alone.
  public let isSampleWise: Bool
  /// Whether its outputs are explained term by term, as weighted sums of its inputs.
  public let isWeightedSum: Bool
  /// Whether the output is the input itself: a pass computes nothing and moves nothing.
  public let isIdentity: Bool

  public init(
    linearity: Linearity, signs: Signs, axes: Axes, isFunctional: Bool, isSampleWise: Bool, isWeightedSum: Bool,
    isIdentity: Bool
  ) {
    (self.linearity, self.signs, self.axes) = (linearity, signs, axes)
    (self.isFunctional, self.isSampleWise) = (isFunctional, isSampleWise)
    (self.isWeightedSum, self.isIdentity) = (isWeightedSum, isIdentity)
  }

  /// Whether the vector-Jacobian product is the same wherever it is taken.
  public var isAffine: Bool { linearity == .linear || linearity == .affine }
}

/// What others ask of a layer's parameters; without defaults, too.
public struct ParameterTraits: Hashable, Sendable {
  /// The output's axis to which the numbers of the offset belong: 1, or −1 for the last.
  public let offsetAxis: Int
  /// Whether rules may modify them: not buffers, such as those of a frozen batch norm, which the reference leaves alone.
  public let areModifiable: Bool
  /// Whether computing keeps the weight once more, in another order.
  public let areKeptReordered: Bool

  public init(offsetAxis: Int, areModifiable: Bool, areKeptReordered: Bool) {
    (self.offsetAxis, self.areModifiable, self.areKeptReordered) = (offsetAxis, areModifiable, areKeptReordered)
  }
}

/// How a layer's vector-Jacobian product changes with its inputs, which second derivatives ask for.
public enum SecondOrder: Sendable {
  /// Not at all, because the layer is affine: `J t` is what this layer makes of `t`, which is linear and adds nothing.
  case affine(any Layer)
  case curved(any TwiceDifferentiable)
  /// Nobody has written it down.
  case unavailable
}
