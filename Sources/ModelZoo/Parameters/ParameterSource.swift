import Tensors

/// What a parameter is for; decides how it is drawn when there are no weights.
enum ParameterRole: Sendable {
  /// Of a convolution or fully connected layer; the fan-in is the product of all extents but the first.
  case weight
  case bias
  case normalizationWeight
  case normalizationBias
  case runningMean
  case runningVariance
}

/// Where a model's parameters come from.
protocol ParameterSource {
  /// The parameter `name`, row-major.
  mutating func parameter(_ name: String, _ shape: Shape, _ role: ParameterRole) throws -> Tensor

  /// Called when all parameters have been asked for.
  /// - Throws: ``ModelZooError`` if some were missing or are left over.
  func finish() throws
}
