import CompositeFiles
import Foundation
import LRP
import ModelFormats
import ModelZoo
import NeuralNetwork
import Tensors
import Testing

/// `lrp attribute --model resnet18 --classes 10 --weights w.safetensors --input x.npy --composite file.yaml` for the
/// reference's random per-layer maps.
@Suite struct RandomMapTests {
  private struct Manifest: Decodable, Sendable {
    struct Case: Decodable, Sendable {
      struct Entry: Decodable, Sendable {
        let names: [String]
        let rule: String
        let parameters: [String: Value]
      }
      struct Result: Decodable, Sendable {
        let key: String
        let error: Double
      }
      let name: String
      let map: [Entry]
      let relevance: String
      let targets: [Int]
      let results: [String: Result]
    }
    let canonizer: String
    let input: String
    let cases: [Case]
  }

  /// A parameter's value, which goes into the file as it stands in the manifest.
  private enum Value: Decodable, Sendable {
    case number(Double)
    case flag(Bool)
    case word(String)
    case list([Value])
    case fields([String: Value])

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let flag = try? container.decode(Bool.self) {
        self = .flag(flag)
      } else if let number = try? container.decode(Double.self) {
        self = .number(number)
      } else if let word = try? container.decode(String.self) {
        self = .word(word)
      } else if let list = try? container.decode([Value].self) {
        self = .list(list)
      } else {
        self = .fields(try container.decode([String: Value].self))
      }
    }

    var yaml: String {
      switch self {
      case .number(let number): return "\(number)"
      case .flag(let flag): return "\(flag)"
      case .word(let word): return word
      case .list(let list): return "[" + list.map(\.yaml).joined(separator: ", ") + "]"
      case .fields(let fields):
        return "{" + fields.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value.yaml)" }.joined(separator: ", ")
          + "}"
      }
    }
  }

  private static func manifest() throws -> Manifest {
    let data = try Data(contentsOf: URL(fileURLWithPath: Program.fixture("golden/maps_resnet18.json")))
    return try JSONDecoder().decode(Manifest.self, from: data)
  }

  private static func yaml(_ map: Manifest.Case, canonizer: String) -> String {
    let entries = map.map.map { entry in
      let parameters = entry.parameters.sorted { $0.key < $1.key }.map { ", \($0.key): \($0.value.yaml)" }.joined()
      return "  - {names: [\(entry.names.joined(separator: ", "))], rule: \(entry.rule)\(parameters)}"
    }
    return "version: 1\nmodel: resnet18\ncanonizers: [\(canonizer)]\nname_map:\n" + entries.joined(separator: "\n")
  }

  /// One process per map, one after the other: they are large.
  @Test func agreesWithTheReference() throws {
    let manifest = try Self.manifest()
    let tensors = try SafetensorsFile(path: Program.fixture("golden/maps_resnet18.safetensors"))
    let scratch = try Scratch()
    try Weights.write(model: "resnet18", classes: 10, seed: 11, to: scratch.path("w.safetensors"))
    try NPYFile.write(try tensors.tensor(manifest.input), to: scratch.path("x.npy"))
    #expect(manifest.cases.count >= 8)
    for map in manifest.cases {
      let file = try scratch.write(Self.yaml(map, canonizer: manifest.canonizer), to: "map.yaml")
      let result = try Program.run([
        "attribute", "--model", "resnet18", "--classes", "10", "--weights", scratch.path("w.safetensors"), "--input",
        scratch.path("x.npy"), "--composite", file, "--target", "\(map.targets[0])", "--output-relevance",
        map.relevance, "--output", scratch.path("r.npy"),
      ])
      #expect(result.status == 0, "\(map.name): \(result.errors)")
      #expect(result.errors.isEmpty)
      let expected = try #require(map.results["input"])
      let distance = Arrays.distance(
        try NPYFile.read(scratch.path("r.npy")), try tensors.tensor(expected.key))
      #expect(distance <= max(1e-4, 3 * expected.error), "\(map.name): \(distance)")
    }
  }
}

/// Files of parameters, made from seeded models.
enum Weights {
  /// Writes a model's parameters under torchvision's names.
  static func write(model name: String, classes: Int, seed: UInt64, to path: String) throws {
    let network = try ModelZoo.load(name, classes: classes, seed: seed).network
    var written = Set<String>()
    var tensors: [(name: String, tensor: Tensor)] = []
    for node in network.nodes where written.insert(node.path).inserted {
      guard let layer = node.layer as? any ParameterizedLayer else { continue }
      tensors.append((node.path + ".weight", layer.weight))
      if let bias = layer.bias { tensors.append((node.path + ".bias", bias)) }
      if let norm = layer as? any BatchNormalizing {
        tensors.append((node.path + ".running_mean", norm.runningMean))
        tensors.append((node.path + ".running_var", norm.runningVariance))
      }
    }
    try SafetensorsFile.write(tensors, to: path)
  }
}
