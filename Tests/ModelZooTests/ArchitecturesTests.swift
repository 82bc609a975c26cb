import Compute
import Foundation
import ModelFormats
import ModelZoo
import NeuralNetwork
import Tensors
import Testing

/// Our architectures against torchvision's own.
struct ArchitecturesTests {
  /// What torchvision's code does and the parameters it has, or the hashes of these lines.
  fileprivate struct Recorded: Decodable {
    enum Lines: Decodable {
      case all([String])
      case hash(String)

      init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let lines = try? container.decode([String].self) {
          self = .all(lines)
        } else {
          self = .hash(try container.decode(String.self))
        }
      }

      func check(_ found: [String], _ what: String) {
        let sorted = found.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        switch self {
        case .all(let expected):
          let difference = sorted.difference(from: expected)
          #expect(difference.isEmpty, "\(what): \(difference.prefix(6))")
        case .hash(let expected):
          let hash = sorted.joined(separator: "\n").utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) {
            ($0 ^ UInt64($1)) &* 0x100_0000_01b3
          }
          let digits = String(hash, radix: 16)
          #expect(
            String(repeating: "0", count: 16 - digits.count) + digits == expected,
            "\(what): 'make_models.py NAME' prints what is expected")
        }
      }
    }
    let steps: Lines
    let parameters: Lines
  }

  private static let recorded: [String: Recorded] = {
    let path = root + "/Tests/Fixtures/models/architectures.json"
    let data = FileManager.default.contents(atPath: path) ?? Data()
    return (try? JSONDecoder().decode([String: Recorded].self, from: data)) ?? [:]
  }()

  private static let names: [String] = recorded.keys.sorted()

  @Test func allOfTorchvisionsClassifiersAreThere() {
    #expect(Self.names.count >= 50)
    let others: Set = ["efficientnet_lite1", "efficientnet_lite2"]
    #expect(Set(Self.names) == Set(ModelZoo.list.filter { !$0.isEmbedded }.map(\.name)).subtracting(others))
  }

  /// The same operations under the same names on the same inputs, and a state dict of the same names and shapes.
  @Test(arguments: names)
  func graphAndParameters(_ name: String) throws {
    let recorded = try #require(Self.recorded[name])
    let (network, parameters) = try ModelZoo.outline(name)
    let steps = network.nodes.dropFirst().map { node in
      ([node.name, node.layer.kind.rawValue] + node.inputs.map { network.nodes[$0].name } + Self.details(node.layer))
        .joined(separator: " ")
    }
    recorded.steps.check(steps, "\(name), operations")
    recorded.parameters.check(
      parameters.map { "\($0.key) \($0.value.dimensions.map(String.init).joined(separator: "x"))" },
      "\(name), parameters")
  }

  /// What a layer does, apart from its parameters.
  private static func details(_ layer: any Layer) -> [String] {
    func numbers(_ values: [Int]) -> String { values.map(String.init).joined(separator: "x") }
    func pool(_ geometry: PoolingGeometry) -> [String] {
      [
        "kernel=\(numbers(geometry.kernel))", "stride=\(numbers(geometry.strides))",
        "padding=\(numbers(geometry.paddingBegin))", "ceil=\(geometry.ceilMode)",
      ]
    }
    switch layer {
    case let layer as Convolution:
      return [
        "stride=\(numbers(layer.geometry.strides))", "padding=\(numbers(layer.geometry.paddingBegin))",
        "groups=\(layer.geometry.groups)",
      ]
    case let layer as MaxPool: return pool(layer.geometry)
    case let layer as AveragePool: return pool(layer.geometry)
    case let layer as BatchNorm: return ["eps=\(layer.epsilon)"]
    case let layer as LayerNorm: return ["eps=\(layer.epsilon)"]
    default: return []
    }
  }

  private static let run: [String] = names.filter { name in
    if case .all = recorded[name]?.steps { return true }
    return false
  }

  /// Logits in float64, with the same random parameters and input.
  @Test(arguments: run)
  func logits(_ name: String) throws {
    // Single precision carries the digits of MobileNetV3 large through with other numbers only.
    let seed: UInt64 = name == "mobilenet_v3_large" ? 12 : 11
    let model = try ModelZoo.load(name, classes: 10, seed: seed)
    #expect(model.weights == .seeded(seed))
    let file = try fixture("torchvision")
    let side = name == "inception_v3" ? 96 : 64
    let shape: Shape = [2, 3, side, side]
    let uniform = SeededParameters(seed: seed).uniform("input", shape).rowMajorElements()
    let activations = try model.network.forward(Tensor(shape, rowMajor: uniform.map { 2 * $0 - 1 }))
    let found = activations[model.network.output].rowMajorElements()
    let error = relativeError(found, try file.tensor("\(name).logits").rowMajorElements())
    #expect(error < 1e-5)
    // Leaf modules in the order in which torchvision registers them; functions and what does not run are none.
    let leaves = String(decoding: try file.bytes("\(name).leaves"), as: UTF8.self).split(separator: "\n")
      .map { String($0) }
    let paths = Set(model.network.nodes.filter { !$0.layer.traits.isFunctional }.map(\.path))
    #expect(model.network.registrationOrder.filter(Set(leaves).contains) == leaves.filter(paths.contains))
  }
}
