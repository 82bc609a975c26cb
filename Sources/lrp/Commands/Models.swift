import ArgumentParser

/// `lrp models`: the models there are, and one's own among them.
struct Models: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List the models; add one's own.",
    discussion: """
      A model of one's own is a file: ONNX, or parameters (safetensors, .pth) of one of the architectures. A card beside \
      it, of the same name with the ending .yaml, says what the file does not: how pictures become its input, what its \
      classes are called. What neither says is guessed, with a warning.
      """,
    subcommands: [ModelsList.self, ModelsAdd.self, ModelsRemove.self, ModelsCard.self],
    defaultSubcommand: ModelsList.self)
}
