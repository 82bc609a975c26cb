import ArgumentParser
import CursesTerminal
import Explorer
import Foundation
import LRP
import ModelZoo
import ProgramFiles

/// `lrp explore`, and `lrp` alone: the terminal explorer.
struct Explore: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Explore explanations in the terminal (this is what lrp does without a command).",
    discussion: """
      Choose rules layer by layer and see the heatmap change; '?' lists the keys. Where standard output is no terminal, one \
      frame is written as text: layers, ledger, heatmap. Defaults can be set in a file: see 'lrp config'.

      --record writes what you do as a script, --play plays it again; scripts are played without that file:
        lrp explore --model fashion_vgg --record demo.lrp
        lrp explore --play demo.lrp --speed 2
        lrp explore --play demo.lrp --batch --output heatmap.png --screen screen.png

      """ + ScriptFormat.help)

  @OptionGroup(title: "Model") var model: ModelOptions

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "A picture, an array (.npy, .npz), or a folder to page through. (default: the model's)", valueName: "file"))
  var input: String?

  @OptionGroup(title: "Rules") var rules: CompositeOptions

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("A class: its number, its label, or top1. (default: top1)", valueName: "class"))
  var target: String?

  @OptionGroup(title: "Heatmap") var heatmap: HeatmapOptions

  @Option(
    parsing: .unconditional,
    help: "Percentile of |relevance| at which the colours end. (default: 99)")
  var percentile: Double?

  @OptionGroup var colors: ColorOptions
  @OptionGroup(title: "Scripts") var script: ScriptOptions

  @Flag(inversion: .prefixedNo, help: "Use the mouse; without, it is left to the terminal. (default: --mouse)")
  var mouse: Bool?

  mutating func validate() throws {
    if let percentile, !(percentile > 50 && percentile <= 100) {
      throw ValidationError("--percentile: \(percentile) found, a number above 50, at most 100 expected")
    }
  }

  func run() throws {
    if let path = script.play { return try play(path) }
    let settings = try Configuration.load()
    ThreadCount.apply(settings.threads)
    try completed(by: settings).withModelOfComposite().explore(playing: nil)
  }

  /// The command with the model that its composite file was made for, if none is named.
  private func withModelOfComposite() throws -> Explore {
    var command = self
    command.model = try model.completed(by: [rules.composite])
    return command
  }

  private func play(_ path: String) throws {
    let played = try Script(InputText.read(path), path: path)
    let command = try merged(with: played).withModelOfComposite()
    if script.batch {
      try BatchPlayer.run(command, script: played)
    } else {
      try command.explore(playing: played)
    }
  }

  private func explore(playing played: Script?) throws {
    do {
      try ExplorerRuntime.run(self, script: played)
    } catch is TerminalError where played == nil && script.record == nil {
      // No terminal, or one that can only print lines.
      Interruption.listen()
      try print(TextFrame(self).text, terminator: "")
    }
  }

  /// The command with the script's own options before those of the command line.
  private func merged(with played: Script) throws -> Explore {
    let line = "\(played.path):\(played.startLine): start"
    do {
      let start = try Self.parse(played.start)
      guard !start.script.isUsed else {
        throw CommandFailure("\(line): an option for scripts found, only options of a session expected")
      }
      return try Self.parse(played.start + Self.arguments)
    } catch let failure as CommandFailure {
      throw failure
    } catch {
      throw CommandFailure("\(line): \(Self.message(for: error))")
    }
  }

  /// What stands on the command line behind the command's name.
  private static var arguments: [String] {
    let words = CommandLine.arguments.dropFirst()
    return Array(words.first == configuration.commandName ?? "explore" ? words.dropFirst() : words)
  }

  /// The options that a recording starts with.
  static var recordedOptions: [String] {
    var options: [String] = []
    var words = arguments[...]
    while let word = words.popFirst() {
      switch word {
      case "--record": _ = words.popFirst()
      case "--overwrite": break
      case let word where word.hasPrefix("--record="): break
      default: options.append(word)
      }
    }
    return options
  }
}
