import Foundation
import Testing

/// `lrp models add`, `remove`, `card`, and models of one's own in the other commands.
@Suite struct OwnModelCommandTests {
  private let scratch: Scratch
  private let environment: [String: String]

  init() throws {
    scratch = try Scratch()
    environment = ["XDG_DATA_HOME": scratch.path("data")]
    try FileManager.default.copyItem(
      atPath: Program.fixture("formats/onnx/torch_new.onnx"), toPath: scratch.path("net.onnx"))
  }

  private func run(_ line: String) throws -> Program.Result {
    try Program.run(
      line.replacing("ASSETS", with: Program.asset("").dropLast()).split(separator: " ").map(String.init),
      in: scratch.folder, environment: environment)
  }

  @Test func fromAFileToANameInEveryCommand() throws {
    // A card to start from, saved and changed.
    let card = try run("models card net.onnx")
    #expect(card.status == 0 && card.errors.isEmpty && card.output.contains("mean: [0.485, 0.456, 0.406]  # guessed"))
    let text = card.output.replacing("labels: []", with: "labels: [cat, dog, cow]")
      .replacing("composite: epsilon_plus_flat", with: "composite: epsilon_plus")
    _ = try scratch.write(text, to: "net.yaml")

    let added = try run("models add net.onnx --name mine")
    #expect(added.status == 0 && added.errors.isEmpty && added.output.hasPrefix("added mine"), "\(added.errors)")
    let list = try run("models")
    let line = try #require(list.output.split(separator: "\n").first { $0.hasPrefix("mine ") })
    for word in ["net.onnx", "(3, 14, 14)", "3", "epsilon_plus"] { #expect(line.contains(word), "\(line)") }
    let json = try JSONSerialization.jsonObject(with: Data(try run("models --json").output.utf8))
    let rows = try #require(json as? [[String: Any]])
    let row = try #require(rows.first { $0["name"] as? String == "mine" })
    #expect((row["file"] as? String)?.hasSuffix("/net.onnx") == true && row["classes"] as? Int == 3)

    for command in [
      "attribute --model mine --input ASSETS/images/chelsea.png --target cow --output r.npy",
      "layers --model mine", "explore --model mine --input ASSETS/images/chelsea.png",
      "composite export epsilon_plus --model mine",
    ] {
      let result = try run(command)
      #expect(result.status == 0 && result.errors.isEmpty, "\(command)\n\(result.errors)")
    }

    // Nothing is replaced unasked, and there is nobody to ask.
    let taken = try run("models add net.onnx --name mine")
    #expect(taken.status == 1 && taken.errors.contains("there is a model 'mine' already; --replace"))
    #expect(try run("models add net.onnx --name mine --replace").status == 0)
    #expect(try run("models remove mine").output == "removed mine\n")
    #expect(try run("models remove mine").status == 1)
    #expect(!(try run("models").output.contains("mine")))
    #expect(scratch.names.contains("net.onnx"))
  }

  @Test func guessesAreWarnedOf() throws {
    let result = try run("attribute --model net.onnx --input ASSETS/images/chelsea.png --output r.npy")
    #expect(result.status == 0)
    #expect(result.errors.hasPrefix("Warning: net.onnx: without a card ('lrp models card'"))
    #expect(result.errors.contains("mean (ImageNet's)"))
    // Without a terminal, the explorer's frame says it too.
    #expect(try run("explore --model net.onnx").errors.contains("without a card"))
  }

  @Test(arguments: [
    ("composite: epsilon_pluss", "net.yaml:2:12: ", "did you mean 'epsilon_plus'?"),
    ("composite: own.yaml", "own.yaml: ", "no such file"),
    ("canonizers: [ResNetCanoniser]", "net.yaml:2:13: ", "did you mean 'ResNetCanonizer'?"),
    ("colour: rgb", "net.yaml:2:1: ", "did you mean 'color'?"),
    ("labels: ../x.txt", "net.yaml:2:9: ", "own folder"),
  ])
  func brokenCards(_ line: String, _ place: String, _ word: String) throws {
    _ = try scratch.write("version: 1\n" + line, to: "net.yaml")
    for command in [
      "models add net.onnx", "layers --model net.onnx",
      "attribute --model net.onnx --input ASSETS/images/chelsea.png --output r.npy",
    ] {
      let result = try run(command)
      #expect(result.status == 1 && !result.wasKilled && result.errors.contains("Error: "), "\(result.errors)")
      #expect(result.errors.contains(place) && result.errors.contains(word), "\(result.errors)")
    }
    #expect(scratch.names == ["net.onnx", "net.yaml"])
  }

  @Test func wrongUses() throws {
    for (line, word) in [
      ("models add none.onnx", "none.onnx: no such file"),
      ("models add vgg99", "no model 'vgg99'"),
      ("models add net.onnx --name vgg16", "a model of the program has this name"),
      ("models add net.onnx --name ../x", "the name '../x' cannot be used"),
      ("models add net.onnx --card none.yaml", "none.yaml: no such file"),
      ("models remove ../x", "no model '../x' was added"),
      ("models card ASSETS/models/fashion_mlp.safetensors", "architecture"),
    ] {
      let result = try run(line)
      #expect(result.status == 1 && result.errors.contains(word), "\(line)\n\(result.errors)")
    }
    #expect(scratch.names == ["net.onnx"])
  }

  @Test func whatCanonizersChangedIsListed() throws {
    let layers = try run("layers --model net.onnx")
    #expect(
      layers.output.contains("changed by canonizers:\n  ResidualSums: 2 × Add → Sum (layer1.0.add, layer1.1.add)\n"))
    let json = try JSONSerialization.jsonObject(with: Data(try run("layers --model net.onnx --json").output.utf8))
    let changes = try #require((json as? [String: Any])?["changes"] as? [[String: Any]])
    #expect(changes.map { $0["layer"] as? String } == ["layer1.0.add", "layer1.1.add"])
    let none = try run("layers --model net.onnx --canonizer none")
    #expect(!none.output.contains("changed by") && none.output.contains("plain gradient (an operation"))
    let attribute = "attribute --model net.onnx --input ASSETS/images/chelsea.png --output r.npy --verbose"
    #expect(try run(attribute).errors.contains("ResidualSums: 2 × Add → Sum"))
    #expect(try run(attribute + " --canonizer auto").errors.contains("ResidualSums: 2 × Add → Sum"))
    #expect(try run(attribute + " --canonizer GraphMergeBatchNorm").errors.contains("Sum") == false)
    // By name in a composite file, and in the script made of it.
    _ = try scratch.write(
      "version: 1\ncanonizers: [ResidualSums]\nname_map: [{names: [layer1.0.add], rule: Norm}]\n", to: "sums.yaml")
    #expect(try run("composite check sums.yaml --model net.onnx").status == 0)
    let script = try run("composite export sums.yaml --model net.onnx").output
    #expect(script.contains("zennit has no canonizer ResidualSums"))
    _ = try scratch.write("version: 1\ncanonizers: [ResidualSum]", to: "typo.yaml")
    #expect(try run("composite check typo.yaml").errors.contains("did you mean 'ResidualSums'?"))
  }
}
