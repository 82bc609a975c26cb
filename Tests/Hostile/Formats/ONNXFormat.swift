import Foundation
import LRP
import ModelFormats
import NeuralNetwork
import ONNXProto
import Tensors

extension HostileFormat {
  /// Models opened; damage to their messages and to their bytes.
  static func onnx() throws -> HostileFormat {
    let whole = try models()
    let parsed = try whole.map { try Onnx_ModelProto(serializedBytes: Data($0)) }
    let external = try Data(file("Tests/Fixtures/formats/onnx/external.data"))
    return HostileFormat(
      name: "onnx", fileName: "it.onnx", allowance: usualAllowance, companions: ["external.data": external],
      damaged: { random in
        if random.once(in: 3) { return Damage.bytes(random.pick(whole), &random) }
        return try damaged(random.pick(parsed), &random)
      },
      read: { path in
        try readingModelFormat(path) { _ = try ONNXFile(path: path).network() }
        return true
      },
      damagedAgain: { bytes, random in try damaged(Onnx_ModelProto(serializedBytes: Data(bytes)), &random) })
  }

  /// Models that survive are run and explained, with everything that `auto` makes of them.
  static func onnxForward() throws -> HostileFormat {
    let parsed = try models().map { try Onnx_ModelProto(serializedBytes: Data($0)) }
    let external = try Data(file("Tests/Fixtures/formats/onnx/external.data"))
    return HostileFormat(
      name: "onnx-run", fileName: "it.onnx", allowance: usualAllowance, companions: ["external.data": external],
      damaged: { random in try damaged(random.pick(parsed), &random) },
      read: { path in
        let file = try ONNXFile(path: path)
        let network = try file.network()
        let extents = file.input.extents.dropFirst().compactMap { $0 }
        return try run(network, Shape([1] + extents))
      }, countsMemory: false, namesFile: false,
      damagedAgain: { bytes, random in try damaged(Onnx_ModelProto(serializedBytes: Data(bytes)), &random) })
  }

  /// The file beside a model, in which its parameters are.
  static func onnxExternal() throws -> HostileFormat {
    let folder = "Tests/Fixtures/formats/onnx/"
    let whole = try file(folder + "external.data")
    return HostileFormat(
      name: "onnx-external", fileName: "external.data", allowance: usualAllowance,
      companions: ["it.onnx": try Data(file(folder + "external.onnx"))],
      damaged: { random in Damage.bytes(whole, &random) },
      read: { path in
        let network = try ONNXFile(path: (path as NSString).deletingLastPathComponent + "/it.onnx").network()
        return network.nodes.count > 1
      }, namesFile: false)
  }

  private static func models() throws -> [[UInt8]] {
    try ["onnx", "onnx_folding", "onnx_structure"].flatMap { name in
      let folder = "Tests/Fixtures/formats/\(name)"
      let names = try FileManager.default.contentsOfDirectory(atPath: checkout.appendingPathComponent(folder).path)
      return try names.filter { $0.hasSuffix(".onnx") }.sorted().map { try file("\(folder)/\($0)") }
    }
  }

  private static func damaged(_ model: Onnx_ModelProto, _ random: inout Random) throws -> [UInt8] {
    var model = model
    ONNXDamage.apply(to: &model, &random)
    return Array(try model.serializedData())
  }

  /// Runs and explains a network, unless that is more than a test can wait for.
  private static func run(_ network: Network, _ input: Shape) throws -> Bool {
    let shapes = try network.shapes(forInput: input)
    guard shapes.allSatisfy({ $0.count <= 1 << 18 }), products(network, shapes) <= 5e7 else { return true }
    var random = Random(seed: 5)
    let numbers = (0..<input.count).map { _ in Float(random.below(2001) - 1000) / 500 }
    let outputs = try network.forward(Tensor(input, rowMajor: numbers))
    for (output, shape) in zip(outputs, shapes) where output.shape != shape {
      throw Surprise("an output of \(output.shape), \(shape) was announced")
    }
    for preset in [Preset.epsilonPlusFlat, .epsilonAlpha2Beta1] {
      var options = PresetOptions()
      options.canonizers = CanonizerCatalog.needed(by: network)
      let attributor = try Gradient(network, composite: preset.composite(options))
      let result = try attributor.attribute(Tensor(input, rowMajor: numbers), .output)
      guard result.relevance.shape == input else { throw Surprise("relevance of shape \(result.relevance.shape)") }
    }
    return true
  }

  /// Products of the convolutions and windows, roughly.
  private static func products(_ network: Network, _ shapes: [Shape]) -> Double {
    var sum = 0.0
    for (index, node) in network.nodes.enumerated().dropFirst() {
      switch node.layer {
      case let layer as Convolution:
        sum += Double(shapes[index].count) * Double(max(1, layer.weight.count / max(1, layer.weight.shape[0])))
      case let layer as FullyConnected: sum += Double(shapes[index].count) * Double(layer.weight.shape[1])
      case let layer as MaxPool:
        sum += Double(shapes[index].count) * layer.geometry.kernel.map { Double($0) }.reduce(1, *)
      case let layer as AveragePool:
        sum += Double(shapes[index].count) * layer.geometry.kernel.map { Double($0) }.reduce(1, *)
      default: sum += Double(shapes[index].count)
      }
    }
    return sum
  }
}
