import ArgumentParser
import Foundation
import ModelZoo

/// `lrp models card`: a card to start from.
struct ModelsCard: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "card", abstract: "Print a card for a model: what is known of it, and what is guessed.",
    discussion: """
      Check the lines that are marked as guessed, and save the card beside the model.

      Example: lrp models card resnet50.onnx > resnet50.yaml
      """)

  @Argument(help: "A model's file, or the name of any model.") var file: String

  @Option(help: "The architecture, for files that hold parameters only.") var architecture: String?

  @Option(help: ArgumentHelp("The output of an ONNX file that has several.", valueName: "name"))
  var outputNode: String?

  func run() throws {
    let model: Model
    if let architecture {
      model = try ModelZoo.load(architecture, options: .init(weights: file, output: outputNode))
    } else {
      model = try ModelZoo.load(file, options: .init(output: outputNode))
    }
    model.card.notices.forEach(StandardError.warn)
    // As if it lay beside the model, so that the model is named without a folder.
    var path = FileManager.default.currentDirectoryPath + "/card.yaml"
    if case .file(let file) = model.weights { path = (file as NSString).deletingPathExtension + ".yaml" }
    print(CardFile(of: model, path: path).yaml(guessed: model.card.guesses.keys), terminator: "")
  }
}
