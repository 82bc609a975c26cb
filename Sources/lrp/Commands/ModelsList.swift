import ArgumentParser
import ModelZoo
import Tensors

/// `lrp models`: what `--model` takes.
struct ModelsList: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the models.",
    discussion: """
      Embedded models bring trained parameters. Architectures take theirs from --weights FILE (safetensors or .pth), with \
      torchvision's names, or are given random ones. Your own models ('lrp models add') stand at the end with their files.
      """)

  @Flag(help: "Write JSON.") var json = false

  func run() throws {
    let listings = ModelZoo.list + ModelRegistry().list
    if json {
      print(try JSONText.text(listings.map(Row.init)), terminator: "")
      return
    }
    var table = TextTable(["model", "parameters", "input", "classes", "composite", "canonizers", ""], trailing: [3])
    for model in listings {
      table.add([
        model.name, model.origin.text, model.inputShape.map { Shape($0).description } ?? "",
        model.classes.map { "\($0)" } ?? "", model.defaultComposite ?? "",
        model.defaultCanonizers.joined(separator: " "), model.summary,
      ])
    }
    print(table.text, terminator: "")
  }

  private struct Row: Encodable {
    let name: String
    let summary: String
    let embedded: Bool
    /// The user's own model is in this file.
    let file: String?
    let inputShape: [Int]?
    let classes: Int?
    let defaultComposite: String?
    let defaultCanonizers: [String]

    init(_ model: ModelListing) {
      name = model.name
      summary = model.summary
      embedded = model.isEmbedded
      if case .file(let path) = model.origin { file = path } else { file = nil }
      inputShape = model.inputShape
      classes = model.classes
      defaultComposite = model.defaultComposite
      defaultCanonizers = model.defaultCanonizers
    }
  }
}

extension ModelListing.Origin {
  fileprivate var text: String {
    switch self {
    case .embedded: "embedded"
    case .architecture: "--weights"
    case .file(let path): path ?? "random"
    case .unreadable: "card is wrong"
    }
  }
}
