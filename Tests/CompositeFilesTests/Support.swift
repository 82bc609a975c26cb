import CompositeFiles
import Foundation
import LRP
import NeuralNetwork
import Tensors

/// A layer of some kind that does nothing: composites look at kinds and names only.
struct StandIn: Layer {
  let kind: LayerKind
  var summary: String { kind.rawValue }
  var traits: LayerTraits {
    LayerTraits(
      linearity: .linear, signs: .unknown, axes: .kept(nil), isFunctional: false, isSampleWise: true,
      isWeightedSum: false, isIdentity: true)
  }
  func flops(inputs: [Shape], output: Shape) -> Double { 0 }
  var tensors: [Tensor] { [] }
  var secondOrder: SecondOrder { .unavailable }
  func outputShape(for inputs: [Shape]) throws -> Shape { inputs[0] }
  func forward(_ inputs: [Tensor]) throws -> Tensor { inputs[0] }
  func vjp(_ seed: Tensor, inputs: [Tensor], output: Tensor) throws -> [Tensor] { [seed] }
}

/// Two blocks of convolution and ReLU with a pool, then a residual block and a classifier.
func smallNetwork() throws -> Network {
  var builder = NetworkBuilder(name: "small")
  for (path, kind) in [
    ("features.0", LayerKind.conv2d), ("features.1", .relu), ("features.2", .maxPool2d), ("features.3", .conv2d),
    ("features.4", .relu), ("block.0.conv", .conv2d),
  ] {
    builder.add(path, StandIn(kind: kind))
  }
  builder.add("block.0.add", Add(), from: [builder.last, builder.last - 1])
  for (path, kind) in [("pool", LayerKind.avgPool2d), ("flatten", .flatten), ("classifier.0", .fullyConnected)] {
    builder.add(path, StandIn(kind: kind))
  }
  return try builder.build()
}

/// A residual block as torchvision's classes have it.
func residualNetwork() throws -> Network {
  var builder = NetworkBuilder(name: "small")
  let entry = builder.add("stem", StandIn(kind: .conv2d))
  builder.add("block.0.conv1", StandIn(kind: .conv2d))
  builder.add("block.0.relu", StandIn(kind: .relu))
  builder.add("block.0.conv2", StandIn(kind: .conv2d))
  builder.add("block.0.add", Add(), from: [builder.last, entry])
  builder.add("block.0.relu", StandIn(kind: .relu))
  return try builder.build()
}

func read(_ text: String, network: Network? = nil, canonizers: [any Canonizer] = []) throws -> CompositeDocument {
  try CompositeDocument(reading: text, file: "c.yaml", network: network, defaultCanonizers: canonizers)
}

/// The message of the error that `body` throws, or an empty text.
func message(_ body: () throws -> Void) -> String {
  do {
    try body()
    return ""
  } catch {
    return "\(error)"
  }
}

/// A folder that is removed when the value goes.
final class TemporaryFolder {
  let path: String
  init() throws {
    path = NSTemporaryDirectory() + "lrp-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }
  deinit { try? FileManager.default.removeItem(atPath: path) }
}
