import Compute
import NeuralNetwork
import Tensors

/// The inputs that one output unit of a linear layer sees, each with the weight it is multiplied by.
struct ReceptiveField {
  private(set) var sources: [UnitSteps.Source] = []
  /// Row-major numbers in the layer's weight, beside ``sources``.
  private(set) var weights: [Int] = []
  /// The bias's number.
  let output: Int
  private(set) var paddedCount = 0

  /// - Parameters:
  ///   - unit: the last entry is the output feature; those before name the row of an input with more than two axes.
  ///   - input: extents of one sample.
  init(of layer: FullyConnected, unit: [Int], input: [Int]) {
    let width = layer.weight.shape[1]
    output = unit.last ?? 0
    let row = zip(unit, input).dropLast().reduce(0) { $0 * $1.1 + $1.0 }
    sources = (0..<width).map { UnitSteps.Source(slot: 0, element: row * width + $0) }
    weights = (0..<width).map { output * width + $0 }
  }

  /// - Parameters:
  ///   - unit: channel and spatial position.
  ///   - input: extents of one sample.
  init(of layer: Convolution, unit: [Int], input: [Int]) {
    let geometry = layer.geometry
    let shape = layer.weight.shape
    let kernel = shape.spatial
    let positions = Array(unit.dropFirst())
    output = unit[0]
    // (O, I/groups, kernel…), transposed (I, O/groups, kernel…).
    let featuresPerGroup = geometry.isTransposed ? shape[1] : shape[0] / geometry.groups
    let channelsPerGroup = geometry.isTransposed ? shape[0] / geometry.groups : shape[1]
    let group = output / featuresPerGroup
    let kernelCount = kernel.reduce(1, *)
    var taps: [(place: Int, kernel: Int)] = []
    for tap in 0..<kernelCount {
      let offsets = UnitSteps.coordinates(of: tap, in: kernel)
      let place = positions.indices.map {
        Self.input(of: positions[$0], tap: offsets[$0], axis: $0, geometry)
      }
      // A transposed convolution's tap between two inputs meets nothing.
      guard place.allSatisfy({ $0 != nil }) else { continue }
      if let element = UnitSteps.element(at: place.compactMap(\.self), in: Array(input.dropFirst())) {
        taps.append((element, tap))
      } else {
        paddedCount += channelsPerGroup
      }
    }
    let positionCount = input.dropFirst().reduce(1, *)
    for channel in 0..<channelsPerGroup {
      let inputChannel = group * channelsPerGroup + channel
      let row =
        geometry.isTransposed
        ? inputChannel * featuresPerGroup + output % featuresPerGroup : output * channelsPerGroup + channel
      for tap in taps {
        sources.append(UnitSteps.Source(slot: 0, element: inputChannel * positionCount + tap.place))
        weights.append(row * kernelCount + tap.kernel)
      }
    }
  }

  /// The input position that a tap of the kernel meets along an axis, perhaps outside; `nil` if it falls between two.
  private static func input(of position: Int, tap: Int, axis: Int, _ geometry: ConvolutionGeometry) -> Int? {
    let reach = tap * geometry.dilations[axis]
    let stride = geometry.strides[axis]
    if !geometry.isTransposed { return position * stride - geometry.paddingBegin[axis] + reach }
    let shifted = position + geometry.paddingBegin[axis] - reach
    return shifted.isMultiple(of: stride) ? shifted / stride : nil
  }
}
