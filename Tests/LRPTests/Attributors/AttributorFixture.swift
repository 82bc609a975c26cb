import Compute
import Foundation
import LRP
import ModelFormats
import NeuralNetwork
import Tensors

/// `Tests/Fixtures/attributors`: a small network and what the reference's attributors make of it.
struct AttributorFixture: Decodable, Sendable {
  /// A number, or a list of them.
  struct Extents: Decodable, Sendable {
    let value: Occlusion.Extents

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      value = try (try? container.decode(Int.self)).map { .every($0) } ?? .last(container.decode([Int].self))
    }
  }

  struct Case: Decodable, Sendable {
    struct Options: Decodable, Sendable {
      var composite: String?
      var noise: [String]?
      var level: Double?
      var iterations: Int?
      var baseline: String?
      var window: Extents?
      var stride: Extents?
      var invert: Bool?
      var fill: String?
    }
    let name: String
    let attributor: String
    let relevance: String
    let options: Options
    let result: GoldenResult
  }
  let targets: [Int]
  let cases: [Case]

  static let folder = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Fixtures/attributors")

  static func load() throws -> AttributorFixture {
    try JSONDecoder().decode(
      AttributorFixture.self, from: Data(contentsOf: folder.appending(path: "attributors.json")))
  }

  static func tensors() throws -> SafetensorsFile {
    try SafetensorsFile(path: folder.appending(path: "attributors.safetensors").path)
  }

  static func network(_ tensors: SafetensorsFile) throws -> Network {
    func convolution(_ name: String, stride: Int, padding: Int) throws -> Convolution {
      try Convolution(
        geometry: ConvolutionGeometry(rank: 2, stride: stride, padding: padding),
        weight: tensors.tensor("\(name).weight"), bias: tensors.tensor("\(name).bias"))
    }
    func connected(_ name: String) throws -> FullyConnected {
      try FullyConnected(weight: tensors.tensor("\(name).weight"), bias: tensors.tensor("\(name).bias"))
    }
    var builder = NetworkBuilder(name: "attributors")
    builder.add("0", try convolution("0", stride: 1, padding: 1))
    builder.add("1", ActivationLayer(.relu))
    builder.add("2", MaxPool(PoolingGeometry(kernel: [2, 2])))
    builder.add("3", try convolution("3", stride: 2, padding: 0))
    builder.add("4", ActivationLayer(.relu))
    builder.add("5", AveragePool(PoolingGeometry(kernel: [2, 1])))
    builder.add("6", Flatten())
    builder.add("7", try connected("7"))
    builder.add("8", ActivationLayer(.relu))
    builder.add("9", try connected("9"))
    return try builder.build()
  }

  static func composite(_ name: String?) throws -> (any Composite)? {
    guard let name else { return nil }
    var options = PresetOptions()
    options.low = -2
    options.high = 2
    return try Preset.named(name).composite(options)
  }

  func outputRelevance(_ golden: Case) -> OutputRelevance {
    switch golden.relevance {
    case "one": .one(.indices(targets))
    case "logit": .logit(.indices(targets))
    default: .output
    }
  }
}

extension AttributorFixture.Case {
  func attributor(_ network: Network, _ tensors: SafetensorsFile) throws -> any Attributor {
    if attributor == "Occlusion" {
      return Occlusion(
        network, window: options.window?.value ?? 8, stride: options.stride?.value ?? 8,
        fill: try options.fill.map { try tensors.tensor($0) }, invert: options.invert ?? false, batchSize: 5)
    }
    let gradient = try Gradient(network, composite: AttributorFixture.composite(options.composite))
    switch attributor {
    case "SmoothGrad":
      var result = SmoothGrad(gradient, noiseLevel: options.level ?? 0.1, iterations: options.iterations ?? 20)
      let noise = try (options.noise ?? []).map { try tensors.tensor($0) }
      result.noise = { iteration, _ in noise[iteration] }
      return result
    case "IntegratedGradients":
      return IntegratedGradients(
        gradient, iterations: options.iterations ?? 20, baseline: try options.baseline.map { try tensors.tensor($0) })
    default: return gradient
    }
  }
}
