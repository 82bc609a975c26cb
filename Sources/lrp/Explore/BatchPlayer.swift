import CursesTerminal
import Explorer
import FileSystem
import Foundation

/// Plays a script without a terminal, and writes what came of it.
@MainActor
struct BatchPlayer {
  private let explorer: HeadlessExplorer
  private var player: ScriptPlayer

  /// - Throws: ``ScriptError`` if the script does not fit, or why results cannot be written.
  nonisolated static func run(_ command: Explore, script: Script) throws {
    Interruption.listen()
    let outputs = try outputs(command.script)
    let launch = try Launch(command)
    try MainActor.assumeIsolated {
      var player = BatchPlayer(launch, script)
      try player.play()
      for output in outputs.results {
        try player.write(output, player.explorer.state.result(forExtension: output.format))
      }
      for output in outputs.screens {
        try player.write(output, .screen(player.explorer.state.screenContent()))
      }
    }
  }

  private init(_ launch: Launch, _ script: Script) {
    let size = script.size
    explorer = HeadlessExplorer(
      launch.options, sources: launch.sources, width: size?.width ?? 120, height: size?.height ?? 40)
    explorer.state.showsTimes = false
    player = ScriptPlayer(script)
  }

  private nonisolated static func outputs(
    _ options: ScriptOptions
  ) throws -> (results: [OutputFile], screens: [OutputFile]) {
    let outputs = try options.output.map {
      try OutputFile($0, option: "--output", formats: ExplorerState.resultExtensions)
    }
    let screens = try options.screen.map {
      try OutputFile($0, option: "--screen", formats: ExplorerState.screenExtensions)
    }
    try OutputFile.checkDistinct(outputs + screens, inputs: options.play.map { [$0] } ?? [])
    return (outputs, screens)
  }

  // MARK: Playing

  private mutating func play() throws {
    defer { explorer.commands.stop() }
    let list = explorer.state.start()
    player.noteStart(list)
    perform(list)
    try explorer.play(&player, perform: perform)
    guard !player.hasQuit else { return }
    player.waitUntilReady()
    try explorer.play(&player, perform: perform)
  }

  private func perform(_ list: [ExplorerCommand]) {
    for command in list {
      switch command {
      // Nobody sits there who could lose edits, hear or see something.
      case .keepUnsaved, .adoptRecovered, .keepProgress, .play, .suspend, .redraw, .beep, .quit: break
      default: explorer.commands.perform(command)
      }
    }
  }

  // MARK: Results

  private func write(_ output: OutputFile, _ content: SaveRequest.Content?) throws {
    guard let content else {
      throw CommandFailure("\(output.path): there is nothing to write; the script ends without a heatmap")
    }
    explorer.commands.perform(.save(SaveRequest(path: output.path, overwrites: true, content: content)))
    while true {
      for message in try explorer.nextMessages() {
        switch message {
        case .saved: return
        case .saveFailed(_, let problem): throw CommandFailure(problem)
        default: break
        }
      }
    }
  }
}
