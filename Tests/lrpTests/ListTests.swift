import Foundation
import Heatmaps
import LRP
import ModelZoo
import Testing

@Suite struct ListTests {
  private static func json(_ arguments: [String]) throws -> Any {
    let result = try Program.run(arguments + ["--json"])
    #expect(result.status == 0, "\(result.errors)")
    return try JSONSerialization.jsonObject(with: Data(result.output.utf8))
  }

  private static func names(_ arguments: [String]) throws -> [String] {
    try (json(arguments) as? [[String: Any]] ?? []).compactMap { $0["name"] as? String }
  }

  @Test func listsHaveEverythingThereIs() throws {
    #expect(try Self.names(["models"]) == ModelZoo.list.map(\.name))
    #expect(try Self.names(["rules"]) == RuleCatalog.descriptions.map(\.name))
    #expect(try Self.names(["composites"]) == Preset.all.map(\.name))
    #expect(try Self.names(["cmaps"]) == BuiltInColorMaps.names)
    for (command, names) in [
      ("models", ModelZoo.list.map(\.name)), ("rules", RuleCatalog.descriptions.map(\.name)),
      ("composites", Preset.all.map(\.name)), ("cmaps", BuiltInColorMaps.names),
    ] {
      let result = try Program.run([command])
      #expect(result.status == 0 && result.errors.isEmpty)
      for name in names { #expect(result.output.contains(name)) }
      #expect(!result.output.contains("\u{1B}"))
    }
  }

  @Test func rulesHaveDefaults() throws {
    let rules = try #require(try Self.json(["rules"]) as? [[String: Any]])
    let gamma = try #require(rules.first { $0["name"] as? String == "Gamma" })
    let parameters = try #require(gamma["parameters"] as? [[String: Any]])
    #expect(parameters.first?["default"] as? String == "0.25")
  }

  @Test func colorMapsAreBarsWhereThereIsColor() throws {
    let bars = try Program.run(["cmaps", "--color", "always"])
    #expect(bars.output.split(separator: "\n").allSatisfy { $0.contains("\u{1B}[0;38;2;") && $0.contains("▀") })
    #expect(!(try Program.run(["cmaps"], environment: ["NO_COLOR": "1"]).output.contains("\u{1B}")))
    #expect(try Program.run(["cmaps", "00f,fff,f00"]).output.hasPrefix("00f,fff,f00"))
  }

  @Test func layersSayWhyTheyHaveTheirRule() throws {
    let result = try Program.run(["layers", "--model", "fashion_resnet", "--composite", "epsilon_plus"])
    #expect(result.status == 0)
    let lines = result.output.split(separator: "\n")
    func line(_ name: String) -> Substring? { lines.first { $0.split(separator: " ").dropFirst().first == name[...] } }
    let convolution = try #require(line("conv1"))
    for word in ["Conv 1→32 3×3 /2", "(1, 32, 14, 14)", "ZPlus", "layer_map: Convolution"] {
      #expect(convolution.contains(word))
    }
    #expect(try #require(line("flatten")).hasSuffix("none: plain gradient"))

    let report = try #require(try Self.json(["layers", "--model", "resnet18", "--classes", "10"]) as? [String: Any])
    #expect(report["composite"] as? String == "epsilon_gamma_box")
    let layers = try #require(report["layers"] as? [[String: Any]])
    let first = try #require(layers.first { $0["name"] as? String == "conv1" })
    #expect(first["rule"] as? String == "ZBox")
    #expect(first["reason"] as? String == "first_map: Convolution")
    #expect(first["output_shape"] as? [Int] == [1, 64, 112, 112])
    #expect(first["inputs"] as? [String] == ["input"])
    #expect((first["rule_parameters"] as? [String: String])?["stabilizer"] == "1e-6")
    #expect(layers.contains { $0["name"] as? String == "layer1.0.canonizer_sum" })
  }

  @Test func withoutACanonizerAnAdditionHasNoRule() throws {
    let arguments = ["layers", "--model", "resnet18", "--classes", "10", "--canonizer", "none"]
    let result = try Program.run(arguments)
    #expect(result.output.contains("none: plain gradient (an operation without a module)"))
    #expect(!result.output.contains("canonizer_sum"))
  }
}
