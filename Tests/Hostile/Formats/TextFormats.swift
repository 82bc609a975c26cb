import CompositeFiles
import Explorer
import Foundation
import Heatmaps
import LRP
import ModelZoo
import NeuralNetwork

// YAML is read whole, and its nodes are large: 64 MB for a megabyte, beyond which no such file is read.

extension HostileFormat {
  /// Model cards; those that are sound open their model.
  static func card() throws -> HostileFormat {
    let whole = """
      version: 1
      name: mine
      summary: "A net: with \u{FC}mlauts"
      architecture: fashion_mlp
      classes: 10
      input: [1, 28, 28]
      color: grey
      resize: 28
      filter: bilinear
      crop: 28
      scale: 255
      mean: [0.5]
      std: 127.5
      labels: [a, b, c, d, e, f, g, h, i, j]
      composite: epsilon_plus
      canonizers: [auto]
      """
    let words =
      whole.components(separatedBy: .whitespacesAndNewlines)
      + [
        "imagenet", "labels.txt", "/etc/passwd", "../x", "bgr", "rgb", "NHWC", "layout:", "file:", "a.onnx", "1000000",
        "bicubic", "none",
      ]
    return HostileFormat(
      name: "card", fileName: "it.yaml", allowance: 2 * usualAllowance,
      damaged: { random in Array(Damage.text(whole, words: words, &random).utf8) },
      read: { path in
        _ = try ModelZoo.load(path)
        return true
      }, namesFile: false)
  }

  /// Names of classes, one per line.
  static func labels() -> HostileFormat {
    let whole = (0..<10).map { "label \($0)" }.joined(separator: "\n")
    let card = "version: 1\narchitecture: fashion_mlp\nlabels: labels.txt\n"
    return HostileFormat(
      name: "labels", fileName: "labels.txt", allowance: usualAllowance, companions: ["it.yaml": Data(card.utf8)],
      damaged: { random in
        let lines = random.once(in: 20) ? String(repeating: "a\n", count: random.below(400_000)) : whole
        return random.once(in: 2)
          ? Damage.bytes(Array(lines.utf8), &random) : Array(Damage.text(lines, words: ["", "\r"], &random).utf8)
      },
      read: { path in
        _ = try ModelZoo.load((path as NSString).deletingLastPathComponent + "/it.yaml")
        return true
      }, namesFile: false)
  }

  static func composite() throws -> HostileFormat {
    let whole = """
      version: 1
      model: fashion_mlp
      canonizers: [SequentialMergeBatchNorm, VGGCanonizer]
      name_map:
        - {names: [classifier.0], rule: ZBox, low: [-1], high: 1}
        - {names: [classifier.2..classifier.4], rule: Epsilon, epsilon: {epsilon: 0.25, clip: true}, zero_params: [bias]}
      first_map:
        - types: [Linear]
          rule: WSquare
      layer_map:
        - {types: [Linear], rule: AlphaBeta, alpha: 2, beta: 1}
        - {types: [Activation], rule: Pass}
      """
    let network = try ModelZoo.load("fashion_mlp").network
    let words =
      whole.components(separatedBy: .whitespacesAndNewlines)
      + RuleCatalog.descriptions.map(\.name) + [
        "name_map:", "classifier.1..classifier.3", "..", "*", "[*]", "classifier.[", "gamma:", "stabilizer:", "Gamma,",
      ]
    return HostileFormat(
      name: "composite", fileName: "it.yaml", allowance: 2 * usualAllowance,
      damaged: { random in Array(Damage.text(whole, words: words, &random).utf8) },
      read: { path in
        let document = try CompositeDocument(contentsOf: path, network: network)
        _ = try document.composite().apply(to: network)
        return true
      })
  }

  /// Texts of a few characters, as often as a file of a megabyte holds them.
  static func yamlBombs() throws -> HostileFormat {
    let network = try ModelZoo.load("fashion_mlp").network
    let parts = [
      "[],", "{},", "[", "{", "a: ", "- ", "- a\n", "'',", "a,", "? ", "[a: ", "a: b, ", "\n", "#\n", "!a ", "&a ",
      "*a,", "|\n ",
    ]
    return HostileFormat(
      name: "yaml-bombs", fileName: "it.yaml", allowance: 2 * usualAllowance,
      damaged: { random in
        let part = (0...random.below(3)).map { _ in random.pick(parts) }.joined()
        var text = random.pick(["", "version: 1\nname_map: [", "{", "["])
        let length = random.pick([1000, 20_000, 1 << 20]) - text.utf8.count
        if random.once(in: 4) {
          text += (0..<length / 16).map { "a\($0): b\n" }.joined()
        } else {
          text += String(repeating: part, count: length / part.utf8.count)
        }
        return Array(text.utf8)
      },
      read: { path in
        _ = try CompositeDocument(contentsOf: path, network: network)
        return true
      })
  }

  static func colorMap() -> HostileFormat {
    let whole = "00f,40:08f,80:fff,c0:ffffff,f00"
    return HostileFormat(
      name: "colormap", fileName: "it.txt", allowance: usualAllowance,
      damaged: { random in
        let text = random.once(in: 20) ? String(repeating: whole + ",", count: random.below(3000)) : whole
        return random.once(in: 2)
          ? Damage.bytes(Array(text.utf8), &random)
          : Array(Damage.text(text.replacing(",", with: " , "), words: ["::", ",,", "fff", "0:", "1"], &random).utf8)
      },
      read: { path in
        let text = String(decoding: try Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self)
        guard try ColorMap(text).table.count == 256 else { throw Surprise("a table of another size") }
        return true
      }, namesFile: false)
  }

  /// Recorded sessions of the explorer.
  static func script() -> HostileFormat {
    let whole = """
      start --model fashion_vgg
      size 120x40
      wait ready
      press j space
      maybe press k
      expect "3 marked"
      type "0.5"
      click 10 5
      drag 3 4
      wheel down 10 5
      resize 80x24
      pause 0.5
      say "hello" # comment
      """
    let words =
      whole.components(separatedBy: .whitespacesAndNewlines)
      + [
        "999999999999999999999x1", "-1", "C-x", "F99", "\\u{110000}", "\"\\", "hold", "release", "paste", "#", "1e308",
      ]
    return HostileFormat(
      name: "script", fileName: "it.lrp", allowance: usualAllowance,
      damaged: { random in
        Array(Damage.text(whole.replacing("\"", with: random.once(in: 9) ? " \" " : "\""), words: words, &random).utf8)
      },
      read: { path in
        let text = String(decoding: try Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self)
        _ = try Script(text, path: path)
        return true
      })
  }
}
