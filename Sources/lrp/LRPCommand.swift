import ArgumentParser
import Foundation
import NeuralNetwork

/// The program: a list of commands. What each does is in `Commands`, one file per command.
@main
struct LRPCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lrp",
    abstract: "Layer-wise relevance propagation: why does a network say what it says?",
    discussion: """
      Without a command, lrp starts the explorer on the embedded model and picture.

      Examples:
        lrp
        lrp tutor
        lrp attribute --model efficientnet_lite0 --input cat.png --output heatmap.png
        lrp layers --model vgg16 --composite epsilon_gamma_box

      Exit status: 0 done; 1 could not do it, with a message on standard error; 64 wrong usage; 130 interrupted
      (143 or 129 if SIGTERM or SIGHUP ended it).
      Results go to standard output, everything else to standard error. Files named for results are replaced if they
      exist, as a whole and only once there is something to write; recordings of the explorer are not, without --overwrite.
      Environment: LRP_ASSETS (folder of models, images and labels), NO_COLOR, COLUMNS.
      """,
    version: "lrp 0.1.0",
    subcommands: [
      Explore.self, Tutor.self, Attribute.self, Evaluate.self, Layers.self, ProfileLayers.self, Render.self,
      CompositeCommand.self, Models.self,
      Rules.self, Composites.self, ColorMaps.self, Config.self, GenerateManual.self,
    ],
    defaultSubcommand: Explore.self)

  static func main() {
    // A file that grows beyond the limit of the user is an error of writing, not the end of the program.
    signal(SIGXFSZ, SIG_IGN)
    StandardOutput.prepare()
    MemoryGuard.prepare()
    do {
      do {
        var command = try parseAsRoot()
        try command.run()
      } catch  where exitCode(for: error).isSuccess {
        // What was asked for is help, or the version.
        print(fullMessage(for: error))
      }
      try StandardOutput.finish()
    } catch is CancellationError {
      Interruption.leave()
    } catch {
      if let word = CommandLine.arguments.dropFirst().first, let message = complaint(aboutCommand: word) {
        StandardError.write("Error: " + message)
        Foundation.exit(exitCode(for: ValidationError("")).rawValue)
      }
      let code = exitCode(for: error)
      // Every error of a command is a message; an exit code alone says what was said before.
      let message = fullMessage(for: error)
      if !message.isEmpty { StandardError.write(message) }
      Foundation.exit(code.rawValue)
    }
  }

  /// What to say of a first word that is no command; `nil` if it is one, or an option of `explore`.
  private static func complaint(aboutCommand word: String) -> String? {
    let names = configuration.subcommands.map { $0._commandName } + ["help"]
    guard !word.hasPrefix("-"), !names.contains(word) else { return nil }
    let suggestion = Spelling.nearest(to: word, among: names).map { "; did you mean '\($0)'?" } ?? ""
    return "no command '\(word)'" + suggestion + " ('lrp --help' lists them)"
  }
}
