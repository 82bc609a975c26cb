import Foundation
import ModelFormats
import Testing

/// Inputs and outputs of networks as people bring them: what is said of them, and what is explained. `Fixtures/cases` are
/// small files after public bug reports.
@Suite struct PeoplesInputsTests {
  private let scratch: Scratch

  init() throws { scratch = try Scratch() }

  private func run(_ line: String) throws -> Program.Result {
    let words = line.split(separator: " ").map {
      $0.replacing("CASES", with: Program.fixture("cases")).replacing("MODELS", with: Program.fixture("inputs"))
        .replacing("ASSETS", with: Program.asset("").dropLast())
    }
    return try Program.run(words.map { String($0) }, in: scratch.folder)
  }

  /// The first line of the frame.
  private func heading(_ model: String, _ input: String) throws -> (line: String, errors: String) {
    let result = try run("explore --model \(model) --input \(input)")
    #expect(result.status == 0, "\(result.errors)")
    return (String(result.output.split(separator: "\n").first ?? ""), result.errors)
  }

  private func relevance(_ options: String) throws -> (values: [Float], errors: String) {
    let path = scratch.path("r.npy")
    let result = try run("attribute \(options) --output \(path)")
    #expect(result.status == 0, "\(options)\n\(result.errors)")
    return (try NPYFile.read(path).rowMajorElements(), result.errors)
  }

  private func difference(_ left: [Float], _ right: [Float]) -> Float {
    zip(left, right).map { abs($0 - $1) }.max().map { $0 / (right.map(abs).max() ?? 1) } ?? .nan
  }

  // MARK: What an output means

  @Test(
    "no softmax of a softmax, no 100 % of a single number",
    arguments: [
      ("CASES/softmax_60.onnx", "CASES/softmax_60.npy", " 73.5 %"),
      ("CASES/out_single_sigmoid_old.onnx", "CASES/out_single.npy", "class 0 59.7 %"),
      ("CASES/out_single_old.onnx", "CASES/out_single.npy", "class 0 score 0.39"),
      ("CASES/out_two_embedding_first_old.onnx", "CASES/out_two_embedding_first.npy", "→ class 4 "),
      ("MODELS/logits.onnx", "MODELS/x.npy", "class 0 88.4 %"),
      ("MODELS/softmax.onnx", "MODELS/x.npy", "class 0 88.4 %"),
      ("MODELS/softmax_reshaped.onnx", "MODELS/x.npy", "class 0 88.4 %"),
      ("MODELS/log_softmax.onnx", "MODELS/x.npy", "class 0 88.4 %"),
      ("MODELS/sigmoids.onnx", "MODELS/x.npy", "class 0 93.7 %"),
      ("MODELS/tanh.onnx", "MODELS/x.npy", "class 0 score 0.99"),
      ("MODELS/softmax_clipped.onnx", "MODELS/x.npy", "class 0 88.4 %"),
      ("MODELS/single_squeezed.onnx", "MODELS/x.npy", "class 0 score 0.3156"),
      ("MODELS/single_sigmoid_squeezed.onnx", "MODELS/x.npy", "class 0 57.8 %"),
    ])
  func headings(_ model: String, _ input: String, _ answer: String) throws {
    let line = try heading(model, input).line
    #expect(line.contains(answer) && (answer.contains("%") || answer.contains("→") || !line.contains("%")), "\(line)")
  }

  @Test("pixel flipping follows probabilities only where there are some")
  func evaluating() throws {
    func table(_ model: String) throws -> String {
      let result = try run(
        "evaluate --model \(model) --input CASES/out_single.npy --block 4 --steps 4 --output c.json")
      #expect(result.status == 0, "\(result.errors)")
      return result.output
    }
    let score = try table("CASES/out_single_old.onnx")
    #expect(score.contains("score: area under") && !score.contains("probability"), "\(score)")
    let text = try String(contentsOfFile: scratch.path("c.json"), encoding: .utf8)
    #expect(text.contains("\"probability_area_under\" : null"))
    let sigmoid = try table("CASES/out_single_sigmoid_old.onnx")
    #expect(sigmoid.contains("probability: area under"), "\(sigmoid)")
    let data = try Data(contentsOf: URL(fileURLWithPath: scratch.path("c.json")))
    let document = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    let order = try #require((document["orders"] as? [[String: Any]])?.first)
    let (logits, probabilities) = (order["logit"] as? [Double] ?? [], order["probability"] as? [Double] ?? [])
    #expect(abs((probabilities.first ?? 0) - 0.597) < 5e-4 && logits.count == 5)
    for (logit, probability) in zip(logits, probabilities) { #expect(abs(probability - 1 / (1 + exp(-logit))) < 1e-6) }
  }

  @Test("what ends in a softmax or sigmoid is explained at its logits, which is said")
  func logits() throws {
    let input = "--input MODELS/x.npy --composite"
    for composite in ["epsilon_plus", "none"] {
      let plain = try relevance("--model MODELS/logits.onnx \(input) \(composite)")
      #expect(!plain.errors.contains("ends in"))
      for (name, end) in [
        ("softmax", "softmax"), ("softmax_reshaped", "softmax"), ("softmax_clipped", "softmax"),
        ("log_softmax", "softmax"), ("sigmoids", "sigmoid"),
      ] {
        let model = "--model MODELS/\(name).onnx \(input) \(composite)"
        let logits = try relevance(model)
        #expect(difference(logits.values, plain.values) < 1e-5, "\(name) \(composite)")
        #expect(logits.errors.contains("ends in a \(end): the logits before it are explained"), "\(logits.errors)")
        #expect(try difference(relevance(model + " --canonizer auto").values, plain.values) < 1e-5)
        // Canonizers by name are what they are in zennit.
        let probabilities = try relevance(model + " --canonizer none")
        #expect(difference(probabilities.values, plain.values) > 0.05, "\(name) \(composite)")
        #expect(probabilities.errors.contains("its probabilities are explained"), "\(probabilities.errors)")
      }
    }
  }

  // MARK: Several outputs

  @Test func severalOutputsAreListedAndChosen() throws {
    let card = try run("models card CASES/out_two_embedding_first_old.onnx")
    #expect(card.status == 0 && card.output.contains("classes: 5\noutput: \"9\"\n"), "\(card.output)")
    #expect(card.errors.contains("onnx::Gemm_8 (1, 8), 9 (1, 5)"), "\(card.errors)")
    let other = try run("models card CASES/out_two_embedding_first_old.onnx --output-node onnx::Gemm_8")
    #expect(other.output.contains("classes: 8\n") && other.output.contains("output_meaning: scores"), "\(other.output)")

    for command in [
      "layers", "attribute --input MODELS/x.npy --output r.npy", "evaluate --input MODELS/x.npy --steps 1",
      "explore --input MODELS/x.npy",
    ] {
      let asked = try run("\(command) --model MODELS/two_unclear.onnx")
      #expect(asked.status == 1 && asked.errors.contains("a (?, 8), b (?, 5)"), "\(command): \(asked.errors)")
      for (node, layer) in [("a", "embed"), ("b", "fc")] {
        let chosen = try run("\(command) --model MODELS/two_unclear.onnx --output-node \(node)")
        #expect(chosen.status == 0, "\(command): \(chosen.errors)")
        if command == "layers" { #expect(chosen.output.contains(layer), "\(chosen.output)") }
      }
    }
  }

  // MARK: Inputs

  @Test("a picture for an input of bytes is left as it is")
  func bytes() throws {
    let options = "--model CASES/u8_nchw.onnx --input ASSETS/images/chelsea.png --composite epsilon_plus --target 0"
    let found = try relevance(options)
    #expect(found.errors.contains("the input is uint8"), "\(found.errors)")
    try FileManager.default.copyItem(atPath: Program.fixture("cases/u8_nchw.onnx"), toPath: scratch.path("net.onnx"))
    try FileManager.default.copyItem(
      atPath: Program.fixture("cases/u8_workaround.yaml"), toPath: scratch.path("net.yaml"))
    let card = try relevance(options.replacing("CASES/u8_nchw.onnx", with: scratch.path("net.onnx")))
    #expect(difference(found.values, card.values) < 1e-5)
  }

  // MARK: Text files

  @Test("text files from Windows are read", arguments: ["bom", "utf16le", "utf16be", "crlf"])
  func windows(_ kind: String) throws {
    func encoded(_ text: String) -> Data {
      switch kind {
      case "bom": Data([0xEF, 0xBB, 0xBF]) + Data(text.utf8)
      case "utf16le": Data([0xFF, 0xFE]) + text.utf16.reduce(into: Data()) { $0 += [UInt8($1 & 255), UInt8($1 >> 8)] }
      case "utf16be": Data([0xFE, 0xFF]) + text.utf16.reduce(into: Data()) { $0 += [UInt8($1 >> 8), UInt8($1 & 255)] }
      default: Data(text.replacing("\n", with: "\r\n").utf8)
      }
    }
    func write(_ text: String, to name: String) throws {
      try encoded(text).write(to: URL(fileURLWithPath: scratch.path(name)))
    }
    try write("version: 1\nlayer_map:\n  - {types: [Linear], rule: Epsilon}\n", to: "rules.yaml")
    let check = try run("composite check rules.yaml --model fashion_vgg")
    #expect(check.status == 0 && check.errors.isEmpty, "\(check.errors)")
    try FileManager.default.copyItem(atPath: Program.fixture("inputs/logits.onnx"), toPath: scratch.path("net.onnx"))
    try write("version: 1\nlabels: names.txt\n", to: "net.yaml")
    try write("cat\ndog\nkäfer\nant\nbee\n", to: "names.txt")
    let line = try heading("net.onnx", "MODELS/x.npy").line
    #expect(line.contains("→ 0 cat 88.4 %"), "\(line)")
    let last = try run("attribute --model net.onnx --input MODELS/x.npy --target bee --output r.npy")
    #expect(last.status == 0, "\(last.errors)")
    try write(
      "start --model net.onnx --input \(Program.fixture("inputs/x.npy"))\nsize 100x30\nwait ready\n", to: "script.lrp")
    let played = try run("explore --play script.lrp --batch --output h.png")
    #expect(played.status == 0, "\(played.errors)")
    let folder = scratch.path("config/lrp")
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try encoded("model: net.onnx\n").write(to: URL(fileURLWithPath: folder + "/config.yaml"))
    let configured = try Program.run(
      ["explore", "--input", Program.fixture("inputs/x.npy")], in: scratch.folder,
      environment: ["XDG_CONFIG_HOME": scratch.path("config")])
    #expect(configured.status == 0 && configured.output.contains("→ 0 cat"), "\(configured.errors)")
  }

  @Test("the case's own files")
  func byteOrderMarks() throws {
    let check = try run("composite check CASES/bom.yaml --model fashion_vgg")
    #expect(check.status == 0 && check.errors.isEmpty, "\(check.errors)")
    #expect(try heading("CASES/logits_1.onnx", "CASES/softmax_60.npy").line.contains("→ class"))
  }

  // MARK: Composite files

  @Test(
    "what attribute would refuse, check refuses, with line and column",
    arguments: [
      (
        "{names: [features.0], rule: ZBox, low: [-1, -1, -1], high: [1, 1, 1]}",
        "3:33: layer features.0, rule ZBox: low: it has numbers for 3 channels"
      ),
      ("{names: [features.0], rule: ZBox, low: 1, high: -1}", "3:44: ZBox: low (1) is above high (-1)"),
      (
        "{names: [features.0], rule: ZBox, low: [[[[0, 0]]]], high: 1}",
        "3:33: layer features.0, rule ZBox: low: its shape (1, 1, 1, 2)"
      ),
      (
        "{names: [features.0], rule: Epsilon, epsilon: {epsilon: 1, norm_scale: true, dim: [7]}}",
        "3:33: layer features.0, rule Epsilon: epsilon: the output"
      ),
      ("{names: [features.0], rule: Pass}", "3:33: layer features.0, rule Pass: the layer turns"),
    ])
  func checking(_ entry: String, _ words: String) throws {
    _ = try scratch.write("version: 1\nname_map:\n  - \(entry)\n", to: "rules.yaml")
    let check = try run("composite check rules.yaml --model fashion_vgg")
    #expect(check.status == 1 && check.errors.contains("rules.yaml:" + words), "\(check.errors)")
    let explained = try run(
      "attribute --composite rules.yaml --model fashion_vgg --input ASSETS/images/fashion_bag.png --output r.npy")
    #expect(explained.status == 1, "\(explained.errors)")
  }

  @Test("the case's own composites", arguments: ["zboxlen", "zboxswap"])
  func bounds(_ name: String) throws {
    let check = try run("composite check CASES/\(name).yaml --model fashion_vgg")
    #expect(check.status == 1 && check.errors.contains("\(name).yaml:3:"), "\(check.errors)")
  }

  // MARK: Pictures

  @Test("Exif orientation of WebP and PNG is heeded", arguments: ["png", "webp"])
  func orientations(_ kind: String) throws {
    func explained(_ picture: String) throws -> [Float] {
      try relevance("--model CASES/exif.onnx --input \(picture) --composite epsilon_plus --target 0").values
    }
    let found = try explained("CASES/exif6.\(kind)")
    #expect(try difference(found, explained("CASES/exif6_upright.png")) < 1e-5)
  }
}
