import Tensors

/// What can be wrong with a network or its input.
public enum NetworkError: Error, CustomStringConvertible, Sendable {
  /// A layer cannot take the shapes that reach it.
  case layer(name: String, problem: String)
  /// No layer has this name.
  case unknownLayer(name: String, network: String, nearest: String?)
  case inputShape(network: String, found: Shape, expected: String)
  /// The input or an activation is not a number.
  case notANumber(place: String)
  case structure(String)

  public var description: String {
    switch self {
    case .layer(let name, let problem):
      return "layer \(name): \(problem)"
    case .unknownLayer(let name, let network, let nearest):
      return "no layer '\(name)' in \(network)" + (nearest.map { "; did you mean '\($0)'?" } ?? "")
        + " ('lrp layers --model \(network)' lists them)"
    case .inputShape(let network, let found, let expected):
      return "\(network): input of shape \(found) found, \(expected) expected"
    case .notANumber(let place):
      return "\(place) contains values that are not finite; check the input and the weights"
    case .structure(let problem):
      return "network: \(problem)"
    }
  }
}
