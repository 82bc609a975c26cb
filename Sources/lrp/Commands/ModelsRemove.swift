import ArgumentParser
import ModelZoo

/// `lrp models remove`: takes a name away again.
struct ModelsRemove: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "remove", abstract: "Forget a model that was added; its file stays.")

  @Argument(help: "The names.") var names: [String]

  func run() throws {
    let registry = ModelRegistry()
    for name in names {
      try registry.remove(name)
      print("removed \(name)")
    }
  }
}
