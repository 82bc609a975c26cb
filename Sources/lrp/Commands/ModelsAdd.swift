import ArgumentParser
import ModelZoo

/// `lrp models add`: gives a model file a name that every command takes.
struct ModelsAdd: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "add", abstract: "Give a model of your own a name that every command takes.",
    discussion: """
      The model is opened once, to see that it can be. Then a card with all that is known of it is written to \
      $XDG_DATA_HOME/lrp/models (~/.local/share/lrp/models). The file itself is not copied: it has to stay where it is.

      Example: lrp models add ~/nets/resnet50.onnx --name mine
      """)

  @Argument(help: "An ONNX file, parameters with a card beside them, or a card.") var file: String

  @Option(help: "What to call it. (default: the card's name, or the file's)") var name: String?

  @Option(help: ArgumentHelp("The card. (default: the one beside the file, if any)", valueName: "file"))
  var card: String?

  @Option(help: ArgumentHelp("The output of an ONNX file that has several.", valueName: "name"))
  var outputNode: String?

  @Flag(help: "Replace a model that has this name.") var replace = false

  func run() throws {
    let model = try ModelZoo.load(file, options: .init(card: card, output: outputNode))
    try CompositeResolver(model: model).checkCard()
    let registry = ModelRegistry()
    let name = self.name ?? model.card.source?.name ?? ModelRegistry.name(forFile: file)
    model.warnings.forEach(StandardError.warn)
    let replaces = try replace || (registry.cardPath(of: name) != nil && isConfirmed(name))
    try registry.add(model, name: name, replacing: replaces)
    print("added \(name): lrp attribute --model \(name) …")
  }

  /// Asks, where there is somebody to ask.
  private func isConfirmed(_ name: String) throws -> Bool {
    StandardInput.isTerminal && StandardError.ask("There is a model '\(name)' already. Replace it?")
  }
}
