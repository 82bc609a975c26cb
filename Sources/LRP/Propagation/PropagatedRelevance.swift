import Tensors

/// Relevance on its way from a layer to the one below, perhaps as a product that has yet to be multiplied out:
/// `coefficient · c · x̃`, where the backward pass gave `c` and the layer read `x̃`.
///
/// The layer below mostly divides it at once, and a sum adds it to others: both are then done in the same pass over the
/// elements, with the same roundings as one after the other.
struct PropagatedRelevance {
  /// `c`, or the relevance itself.
  private(set) var tensor: Tensor
  private let factor: Factor?
  /// Whether others hold `c` too, so that it must not be overwritten.
  private let isShared: Bool

  private struct Factor {
    let input: Tensor
    let coefficient: Float
  }

  /// Relevance that is there already.
  init(_ tensor: Tensor) {
    self.tensor = tensor
    factor = nil
    isShared = true
  }

  /// - Parameter isShared: whether somebody else holds the gradient.
  init(gradient: Tensor, times input: Tensor, _ coefficient: Float, isShared: Bool) {
    tensor = gradient
    factor = Factor(input: input, coefficient: coefficient)
    self.isShared = isShared
  }

  // Taking leaves nothing behind, so that whoever takes is the only holder and may write in place. (A consuming method
  // would say the same, but its caller may keep a copy for longer than it needs.)

  private static let nothing = Tensor.uniform([1], 0)

  /// A tensor that is zero only where the relevance is.
  var nonzeroMask: Tensor { factor?.input ?? tensor }

  /// Moves it.
  mutating func take() -> PropagatedRelevance {
    defer { tensor = Self.nothing }
    return self
  }

  /// The relevance, multiplied out in place where nobody else holds the gradient.
  mutating func takeWhole() -> Tensor {
    defer { tensor = Self.nothing }
    guard let factor else { return tensor }
    let product = Product(factor: factor.coefficient)
    if isShared { return tensor.map(with: factor.input, product) }
    tensor.update(with: factor.input, product)
    return tensor
  }

  /// `s = R / stab(z)`.
  mutating func takeQuotient(by z: Tensor, _ stabilizer: Stabilizer) throws -> Tensor {
    guard let factor, let epsilon = stabilizer.plainShift else {
      return try stabilizer.quotient(takeWhole(), by: z, gatedBy: z)
    }
    defer { tensor = Self.nothing }
    let function = ProductQuotient<Shifted>(factor: factor.coefficient, epsilon: epsilon)
    if isShared { return tensor.map(with: factor.input, and: z, function) }
    tensor.update(with: factor.input, and: z, function)
    return tensor
  }

  /// Adds it to other relevance.
  func add(to sum: inout Tensor) {
    if let factor {
      sum.update(with: tensor, and: factor.input, ProductAdded(factor: factor.coefficient))
    } else {
      sum += tensor
    }
  }
}

extension [PropagatedRelevance] {
  /// Empties the array.
  mutating func takeAllWhole() -> [Tensor] {
    defer { removeAll() }
    return indices.map { self[$0].takeWhole() }
  }
}
