import Foundation
import ModelFormats
import ModelZoo
import NeuralNetwork
import Tensors
import Testing

/// What outputs of other people's models mean, and which of several is explained. The models are those of
/// `Fixtures/make_inputs.py`; what they compute is compared with onnxruntime.
struct ONNXOutputsTests {
  private static let folder = root + "/Tests/Fixtures/inputs"

  private static func load(_ name: String, output: String? = nil, card: String? = nil) throws -> Model {
    let path = "\(folder)/\(name).onnx"
    guard let card else { return try ModelZoo.load(path, options: .init(output: output)) }
    let scratch = try TemporaryFolder()
    let file = scratch.path + "/card.yaml"
    try Data(("version: 1\n" + card + "\n").utf8).write(to: URL(fileURLWithPath: file))
    return try ModelZoo.load(path, options: .init(card: file, output: output))
  }

  private static func output(of model: Model, for input: String = "x") throws -> [Float] {
    try model.network.forward(NPYFile.read("\(folder)/\(input).npy"))[model.network.output].rowMajorElements()
  }

  static let expected: [String: [String: [Float]]] = {
    let data = (try? Data(contentsOf: URL(fileURLWithPath: folder + "/expected.json"))) ?? Data()
    return (try? JSONDecoder().decode([String: [String: [Float]]].self, from: data)) ?? [:]
  }()

  @Test(
    arguments: [
      ("logits", .logits), ("softmax", .probabilities), ("softmax_reshaped", .probabilities),
      ("log_softmax", .logProbabilities), ("sigmoids", .binaryProbabilities), ("single", .scores),
      ("single_sigmoid", .binaryProbabilities), ("tanh", .scores), ("softmax_clipped", .probabilities),
      ("single_squeezed", .scores), ("single_sigmoid_squeezed", .binaryProbabilities),
    ] as [(String, OutputMeaning)])
  func meanings(_ name: String, _ meaning: OutputMeaning) throws {
    let model = try Self.load(name)
    #expect(model.network.outputMeaning == meaning)
    let found = try Self.output(of: model)
    #expect(relativeError(found, try #require(Self.expected[name]?.values.first)) < 1e-5)
    #expect((model.card.guesses["output_meaning"] != nil) == (meaning == .scores && name != "tanh"))
  }

  @Test("softmax, sigmoid and logits of one network say the same in per cent")
  func agree() throws {
    let shares = try ["logits", "softmax", "softmax_reshaped", "log_softmax"].map { name in
      let model = try Self.load(name)
      return try #require(model.network.outputMeaning.probabilities(of: Self.output(of: model)))
    }
    for other in shares.dropFirst() { for (a, b) in zip(other, shares[0]) { #expect(abs(a - b) < 1e-6) } }
  }

  @Test("a card says what the graph does not")
  func cards() throws {
    #expect(try Self.load("single", card: "output_meaning: binary_logits").network.outputMeaning == .binaryLogits)
    #expect(try Self.load("logits", card: "output_meaning: scores").network.outputMeaning == .scores)
    #expect(
      try Self.load("sigmoids", card: "output_meaning: binary_probabilities").network.outputMeaning
        == .binaryProbabilities)
    for (name, text) in [("softmax", "logits"), ("sigmoids", "probabilities"), ("log_softmax", "probabilities")] {
      let error = #expect(throws: ModelZooError.self) { try Self.load(name, card: "output_meaning: \(text)") }
      #expect(error.map { "\($0)".contains("card.yaml:2:17: output_meaning: '\(text)' does not fit") } == true)
    }
    let error = #expect(throws: ModelZooError.self) { try Self.load("logits", card: "output_meaning: logit") }
    #expect(error.map { "\($0)".contains("did you mean 'logits'?") } == true)
  }

  // MARK: Several outputs

  @Test(
    arguments: [
      ("two_embedding_first", "9"), ("two_logits_and_softmax", "p2"), ("two_named", "logits"),
      ("two_label_first", "b"), ("two_map_first", "b"),
    ])
  func theClassifiersIsFound(_ name: String, _ output: String) throws {
    let model = try Self.load(name)
    #expect(model.card.output == output && model.card.classes == 5)
    #expect(relativeError(try Self.output(of: model), try #require(Self.expected[name]?[output])) < 1e-5)
    // Not without a word.
    let notice = try #require(model.warnings.first)
    for word in ["2 outputs", "'\(output)' is explained", "--output-node"] {
      #expect(notice.contains(word), "\(notice)")
    }
  }

  @Test func anyOutputIsChosenByName() throws {
    for (name, output, meaning) in [
      ("two_embedding_first", "features", OutputMeaning.scores), ("two_unclear", "a", .logits),
      ("two_unclear", "b", .logits),
      ("two_logits_and_softmax", "logits", .logits),
    ] {
      for model in try [Self.load(name, output: output), Self.load(name, card: "output: \(output)")] {
        #expect(model.card.output == output && model.card.notices.isEmpty && model.network.outputMeaning == meaning)
        #expect(relativeError(try Self.output(of: model), try #require(Self.expected[name]?[output])) < 1e-5)
      }
    }
    // The option goes before the card; the number of classes helps where nothing else does.
    #expect(try Self.load("two_unclear", output: "a", card: "output: b").card.output == "a")
    #expect(try Self.load("two_unclear", card: "classes: 5").card.output == "b")
    #expect(try Self.load("two_unclear", card: "labels: [a, b, c, d, e, f, g, h]").card.output == "a")
  }

  @Test func whatIsNotClearIsAsked() throws {
    func message(_ body: () throws -> Model) -> String {
      do { return "opened \(try body().card.name)" } catch { return "\(error)" }
    }
    let asked = message { try Self.load("two_unclear") }
    for word in ["two_unclear.onnx", "2 outputs", "a (?, 8), b (?, 5)", "--output-node", "'output: …'"] {
      #expect(asked.contains(word), "\(asked)")
    }
    let unknown = message { try Self.load("two_named", output: "logit") }
    #expect(unknown.contains("no output 'logit' among embedding (?, 8), logits (?, 5); did you mean 'logits'?"))
    #expect(
      message { try Self.load("two_named", card: "output: x") }.contains(
        "card.yaml:2:9: output: there is no output 'x'"))
    #expect(message { try Self.load("logits", output: "x") }.contains("there is no output 'x' among logits (?, 5)"))
    #expect(message { try ModelZoo.load("resnet18", options: .init(output: "x")) }.contains("one output"))
  }

  @Test("a card made for a model opens it without a question")
  func writtenCards() throws {
    let model = try Self.load("two_named")
    let text = CardFile(of: model, path: Self.folder + "/two_named.yaml").yaml()
    #expect(text.contains("output: logits\noutput_meaning: logits\n"))
    let lines = text.split(separator: "\n").filter { !$0.hasPrefix("version") && !$0.hasPrefix("file") }
    let again = try Self.load("two_named", card: lines.joined(separator: "\n"))
    #expect(again.warnings.isEmpty && again.card.output == "logits")
  }
}
