import Foundation
import NeuralNetwork
import Tensors

/// How a ``BasicRule`` changes the parameters of the layer for one pass.
public struct ParameterModification: Sendable {
  /// A parameter from the layer's own, of the same shape.
  public typealias Function = @Sendable (_ parameter: Tensor, _ key: ParameterKey) throws -> Tensor

  /// Which parameters are modified; `nil` for all that the layer has.
  public let keys: Set<ParameterKey>?
  /// Of those, which are zero instead.
  public let zeroParams: Set<ParameterKey>
  /// Whether it is an error if the layer is of a kind that has none of ``keys``. A bias that was left out is none.
  public let requiresParameters: Bool
  /// Modified layers are kept under it, so make a modification once and use it often.
  let id = UUID()
  private let function: Function

  public init(
    keys: Set<ParameterKey>? = nil, zeroParams: Set<ParameterKey> = [], requiresParameters: Bool = true,
    _ function: @escaping Function = { parameter, _ in parameter }
  ) {
    self.keys = keys
    self.zeroParams = zeroParams
    self.requiresParameters = requiresParameters
    self.function = function
  }

  /// Changes nothing, on layers of any kind.
  public static let untouched = ParameterModification(keys: [])

  /// The layer with its parameters modified.
  /// - Throws: ``LayerError`` if parameters are missing or the function changes a shape.
  func apply(to layer: any Layer) throws -> any Layer {
    guard let parameterized = layer as? any ParameterizedLayer else {
      guard requiresParameters, let keys, !keys.isEmpty else { return layer }
      throw LayerError(
        "\(layer.kind.rawValue) has no parameters, the rule requires "
          + keys.sorted().map(\.rawValue).joined(separator: ", "))
    }
    return parameterized.replacing(
      weight: try modified(parameterized.weight, .weight), bias: try parameterized.bias.map { try modified($0, .bias) })
  }

  /// Whether layers stay as they are.
  var isIdentity: Bool { keys?.isEmpty == true }

  private func modified(_ parameter: Tensor, _ key: ParameterKey) throws -> Tensor {
    guard keys?.contains(key) ?? true else { return parameter }
    if zeroParams.contains(key) { return parameter.map { _ in 0 } }
    let result = try function(parameter, key)
    guard result.shape == parameter.shape else {
      throw LayerError("the modified \(key.rawValue) has shape \(result.shape), \(parameter.shape) expected")
    }
    return result.converted(to: parameter.layout)
  }
}
