import ArgumentParser

/// `lrp composite`: what can be done with composite files.
struct CompositeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "composite",
    abstract: "Check, convert and compare composite files.",
    subcommands: [CompositeCheck.self, CompositeExport.self, CompositeDiff.self])
}
