import ArgumentParser
import ModelZoo
import Tensors

/// `lrp models`: what `--model` takes.
struct Models: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List the models.",
    discussion: """
      Embedded models bring trained parameters. The others take theirs from --weights FILE (safetensors or .pth), with torchvision's \
      names, or are given random ones.
      """)

  @Flag(help: "Write JSON.") var json = false

  func run() throws {
    if json {
      print(try JSONText.text(ModelZoo.list.map(Row.init)), terminator: "")
      return
    }
    var table = TextTable(["model", "parameters", "input", "classes", "composite", "canonizers", ""], trailing: [3])
    for model in ModelZoo.list {
      table.add([
        model.name, model.isEmbedded ? "embedded" : "--weights", Shape(model.inputShape).description,
        "\(model.classes)", model.defaultComposite, model.defaultCanonizers.joined(separator: " "), model.summary,
      ])
    }
    print(table.text, terminator: "")
  }

  private struct Row: Encodable {
    let name: String
    let summary: String
    let embedded: Bool
    let inputShape: [Int]
    let classes: Int
    let defaultComposite: String
    let defaultCanonizers: [String]

    init(_ model: ModelListing) {
      name = model.name
      summary = model.summary
      embedded = model.isEmbedded
      inputShape = model.inputShape
      classes = model.classes
      defaultComposite = model.defaultComposite
      defaultCanonizers = model.defaultCanonizers
    }
  }
}
