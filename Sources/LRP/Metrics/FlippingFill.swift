import Foundation
import Tensors

/// What flipped pixels become.
public enum FlippingFill: Hashable, Sendable {
  /// The mean of each channel of the picture.
  case mean
  /// A value for each channel, or one for all, in the units of the model's input: zero, black, …
  case value([Float])
  /// The picture, blurred by a Gaussian of this standard deviation in pixels.
  case blur(deviation: Double)

  /// The picture with every pixel flipped.
  /// - Parameter input: `(1, C, H, W)`.
  /// - Throws: ``LRPError/metric(_:)`` if there are not as many values as channels, or no deviation.
  func filled(_ input: Tensor) throws -> Tensor {
    let shape = input.shape
    let (channels, count) = (shape[1], shape[2] * shape[3])
    switch self {
    case .mean:
      let elements = input.rowMajorElements()
      let means = (0..<channels).map { channel in
        Float(elements[channel * count..<(channel + 1) * count].reduce(0.0) { $0 + Double($1) } / Double(count))
      }
      return Self.constant(means, shape)
    case .value(let values):
      guard values.count == channels || values.count == 1, values.allSatisfy(\.isFinite) else {
        let expected = channels == 1 ? "a finite number" : "1 or \(channels) finite numbers"
        throw LRPError.metric("a fill of \(values.count) values found, \(expected) expected")
      }
      return Self.constant(values.count == 1 ? Array(repeating: values[0], count: channels) : values, shape)
    case .blur(let deviation):
      guard deviation > 0, deviation.isFinite else {
        throw LRPError.metric("a blur of \(deviation) pixels found, a positive number expected")
      }
      return Self.blurred(input, deviation)
    }
  }

  private static func constant(_ values: [Float], _ shape: Shape) -> Tensor {
    let count = shape[2] * shape[3]
    return Tensor(shape, rowMajor: values.flatMap { [Float](repeating: $0, count: count) })
  }

  /// Both directions one after the other; at the edges the weights of what is there make up the whole.
  private static func blurred(_ input: Tensor, _ deviation: Double) -> Tensor {
    let shape = input.shape
    let (height, width) = (shape[2], shape[3])
    // Deviations may be of any size; beyond the picture there is nothing.
    let reach = Int(min((3 * deviation).rounded(.up), Double(max(height, width))))
    let weights = (0...reach).map { distance in
      let share = Double(distance) / deviation
      return exp(-share * share / 2)
    }
    func line(_ values: inout [Double], start: Int, step: Int, count: Int) {
      let old = (0..<count).map { values[start + $0 * step] }
      for place in 0..<count {
        var (sum, total) = (0.0, 0.0)
        for other in max(0, place - reach)...min(count - 1, place + reach) {
          let weight = weights[abs(other - place)]
          sum += weight * old[other]
          total += weight
        }
        values[start + place * step] = sum / total
      }
    }
    var values = input.rowMajorElements().map(Double.init)
    for plane in 0..<shape[1] {
      let first = plane * height * width
      for row in 0..<height { line(&values, start: first + row * width, step: 1, count: width) }
      for column in 0..<width { line(&values, start: first + column, step: width, count: height) }
    }
    return Tensor(shape, rowMajor: values.map { Float($0) })
  }
}
