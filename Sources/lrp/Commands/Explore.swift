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
      frame is written as text: layers, ledger, heatmap. Defaults can be set in a file: see 'lrp config'.
      """)

  @OptionGroup(title: "Model") var model: ModelOptions

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "A picture, an array (.npy), or a folder to page through. (default: the model's)", valueName: "file"))
  var input: String?

  @OptionGroup(title: "Rules") var rules: CompositeOptions

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("A class: its number, its label, or top1. (default: top1)", valueName: "class"))
  var target: String?

  @OptionGroup(title: "Heatmap") var heatmap: HeatmapOptions

  @Option(help: "Percentile of |relevance| at which the colours end. (default: 99)")
  var percentile: Double?

  @OptionGroup var colors: ColorOptions

  @Flag(inversion: .prefixedNo, help: "Use the mouse; without, it is left to the terminal. (default: --mouse)")
  var mouse: Bool?

  mutating func validate() throws {
    if let percentile, !(percentile > 50 && percentile <= 100) {
      throw ValidationError("--percentile: \(percentile) found, a number above 50, at most 100 expected")
    }
  }

  func run() throws {
    let settings = try Configuration.load()
    ThreadCount.apply(settings.threads)
    let command = completed(by: settings)
    do {
      try ExplorerRuntime.run(command)
    } catch is TerminalError {
      // No terminal, or one that can only print lines.
      Interruption.listen()
      try print(TextFrame(command).text, terminator: "")
    }
  }
}
