import ArgumentParser

/// Recording and playing sessions.
struct ScriptOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Write the session's keys and edits as a script.", valueName: "file"))
  var record: String?

  @Option(help: ArgumentHelp("Play a script.", valueName: "file"))
  var play: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("How much faster than at a pace that can be followed.", valueName: "factor"))
  var speed = 1.0

  @Flag(help: "Play without a terminal, as fast as possible; a script that does not fit ends with status 1.")
  var batch = false

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "With --batch, where results go, may be given several times: heatmap (png, svg, pdf, npy, safetensors), ledger "
        + "(csv, json), composite (yaml, py). Files that exist are replaced.", valueName: "file"))
  var output: [String] = []

  @Option(
    help: ArgumentHelp(
      "With --batch, where the last screen goes: a picture (png, svg, pdf) or text (txt). May be given several times. "
        + "Files that exist are replaced.", valueName: "file"))
  var screen: [String] = []

  @Flag(help: "Let --record replace a file: what was recorded cannot be made again, unlike results.")
  var overwrite = false

  /// Whether any of them was given.
  var isUsed: Bool {
    record != nil || play != nil || batch || overwrite || !output.isEmpty || !screen.isEmpty || speed != 1
  }

  mutating func validate() throws {
    guard speed.isFinite, (0.01...1000).contains(speed) else {
      throw ValidationError("--speed: \(speed) found, a number from 0.01 to 1000 expected")
    }
    if record != nil, play != nil {
      throw ValidationError("--record and --play found; a session is either recorded or played")
    }
    if batch, play == nil { throw ValidationError("--batch found without --play; it plays a script") }
    if overwrite, record == nil {
      throw ValidationError("--overwrite found without --record; --output and --screen replace files anyway")
    }
    if !screen.isEmpty, !batch { throw ValidationError("--screen found without --play and --batch") }
    if !output.isEmpty, !batch { throw ValidationError("--output found without --play and --batch") }
  }
}
