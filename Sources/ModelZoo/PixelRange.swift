import ModelFormats
import NeuralNetwork

/// What pixels an ONNX model takes, as far as the file tells.
enum PixelRange: Equatable {
  /// Nothing is known: pixels are normalised as is usual.
  case unknown
  /// 0…1; the network normalises them itself.
  case unit
  /// 0…255, for this reason.
  case bytes(reason: String)

  /// By the type of the input, else by what the network does to its input first: divide it by 255, subtract a mean.
  init(of type: ElementType?, _ network: Network) {
    switch type {
    case .float32?, .float64?, .float16?, .bfloat16?, nil: break
    case let type?:
      self = .bytes(reason: "the input is \(type)")
      return
    }
    guard let first = network.firstScaling else {
      self = .unknown
      return
    }
    if first.width > 16 || first.center > 2 {
      self = .bytes(reason: "the network scales them itself")
    } else if first.center > 0.05, first.center < 0.95, first.width <= 0.6 {
      self = .unit
    } else {
      self = .unknown
    }
  }

  var mean: Int? { self == .unknown ? nil : 0 }

  var deviation: Float? {
    switch self {
    case .unknown: nil
    case .unit: 1
    case .bytes: 1 / 255
    }
  }

  /// For a user: `1, of pixels 0…255: the input is uint8`.
  var deviationText: String? {
    switch self {
    case .unknown: nil
    case .unit: "1, of pixels 0…1: the network normalises them itself"
    case .bytes(let reason): "1, of pixels 0…255: \(reason)"
    }
  }
}

extension Network {
  /// What the network does to its input before any other layer: `(x − center) / width`, the mean over the channels. `nil`
  /// if it does nothing of the kind.
  fileprivate var firstScaling: (center: Double, width: Double)? {
    var (factors, shifts): ([Double], [Double]) = ([], [])
    var index = 0
    while consumers[index].count == 1, let next = consumers[index].first, nodes[next].inputs.count == 1 {
      index = next
      let layer = nodes[index].layer
      if let norm = layer as? any BatchNormalizing {
        let weight = norm.weight.rowMajorElements().map(Double.init)
        let bias = norm.bias?.rowMajorElements().map(Double.init) ?? .init(repeating: 0, count: weight.count)
        let mean = norm.runningMean.rowMajorElements().map(Double.init)
        let variance = norm.runningVariance.rowMajorElements().map(Double.init)
        let scales = weight.indices.map { weight[$0] / (variance[$0] + Double(norm.epsilon)).squareRoot() }
        if factors.isEmpty {
          (factors, shifts) = (.init(repeating: 1, count: weight.count), .init(repeating: 0, count: weight.count))
        }
        guard scales.count == factors.count else { return nil }
        for channel in factors.indices {
          factors[channel] *= scales[channel]
          shifts[channel] = shifts[channel] * scales[channel] + bias[channel] - mean[channel] * scales[channel]
        }
      } else if ![.identity, .transpose, .dropout].contains(layer.kind) {
        break
      }
    }
    guard !factors.isEmpty, factors.allSatisfy({ $0 > 0 && $0.isFinite }), shifts.allSatisfy(\.isFinite) else {
      return nil
    }
    let count = Double(factors.count)
    return (
      zip(factors, shifts).reduce(0) { $0 - $1.1 / $1.0 } / count, factors.reduce(0) { $0 + 1 / $1 } / count
    )
  }
}
