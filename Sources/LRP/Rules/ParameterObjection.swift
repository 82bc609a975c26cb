import NeuralNetwork
import Tensors

extension Rule {
  /// Why the rule's parameters do not fit a layer with inputs and an output of these shapes, or `nil` if they do: bounds of
  /// other channels or the wrong way round, axes that are not there.
  func parameterObjection(inputs: [Shape], output: Shape) -> String? {
    var bounds: [String: Bound] = [:]
    for parameter in parameters {
      switch parameter.value {
      case .bound(let bound):
        bounds[parameter.name] = bound
        for input in inputs {
          if let problem = bound.objection(to: input) { return "\(parameter.name): \(problem)" }
        }
      case .stabilizer(let stabilizer):
        let rank = output.rank
        if let axis = stabilizer.dim?.first(where: { !(-rank..<rank).contains($0) }) {
          return "\(parameter.name): the output \(output) has no axis \(axis)"
        }
      case .number, .keys: break
      }
    }
    guard let low = bounds["low"], let high = bounds["high"] else { return nil }
    return Bound.orderObjection(low: low, high: high)
  }
}

extension Bound {
  /// Why there are not as many numbers as an input has channels, or not for its positions.
  fileprivate func objection(to input: Shape) -> String? {
    switch self {
    case .scalar: return nil
    case .perChannel(let numbers):
      return numbers.count == 1 || numbers.count == input.channels
        ? nil : "it has numbers for \(numbers.count) channels, but the input \(input) has \(input.channels)"
    case .tensor(let tensor):
      return tensor.broadcast(to: input) == nil ? "its shape \(tensor.shape) does not fit the input \(input)" : nil
    }
  }

  /// Why two bounds cannot be the lowest and the highest value, or `nil` if they can, as far as that can be told.
  public static func orderObjection(low: Bound, high: Bound) -> String? {
    let (below, above) = (low.values, high.values)
    guard below.count == above.count || below.count == 1 || above.count == 1 else { return nil }
    for place in 0..<max(below.count, above.count) {
      let (from, to) = (below[below.count == 1 ? 0 : place], above[above.count == 1 ? 0 : place])
      if from > to {
        return "low (\(ParameterValue.short(from))) is above high (\(ParameterValue.short(to)))"
      }
    }
    return nil
  }

  private var values: [Double] {
    switch self {
    case .scalar(let number): [number]
    case .perChannel(let numbers): numbers
    case .tensor(let tensor): tensor.rowMajorElements().map(Double.init)
    }
  }
}
