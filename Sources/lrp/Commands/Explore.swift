import ArgumentParser
import CursesTerminal
import Foundation
import LRP
import ModelZoo

/// `lrp explore`, and `lrp` alone: the terminal explorer.
struct Explore: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Explore explanations in the terminal (this is what lrp does without a command).",
    discussion: """
      Choose rules layer by layer and see the heatmap change; '?' lists the keys. Where standard output is no terminal, one \
      frame is written as text: layers, ledger, heatmap.
      """)

  @OptionGroup(title: "Model") var model: ModelOptions

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("A picture, or an array (.npy). (default: the model's)", valueName: "file"))
  var input: String?

  @OptionGroup(title: "Rules") var rules: CompositeOptions

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("A class: its number, its label, or top1. (default: top1)", valueName: "class"))
  var target: String?

  @OptionGroup(title: "Heatmap") var heatmap: HeatmapOptions
  @OptionGroup var colors: ColorOptions

  func run() throws {
    do {
      try ExplorerRuntime.run(self)
    } catch is TerminalError {
      // No terminal, or one that can only print lines.
      Interruption.listen()
      try print(TextFrame(self).text, terminator: "")
    }
  }
}
