import ArgumentParser
import FileSystem
import Foundation
import ProgramFiles

/// `lrp config`: where the explorer's configuration is and what it says.
struct Config: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show the explorer's configuration, or write a file to begin with.",
    discussion: """
      The explorer reads $XDG_CONFIG_HOME/lrp/config.yaml (~/.config/lrp/config.yaml). Options of the command line go first; \
      other commands do not read it, so that scripts give the same everywhere.
      """)

  @Flag(help: "Print the path of the file only.")
  var path = false

  @Flag(name: .customLong("init"), help: "Write a file in which every setting is explained, if there is none.")
  var initialize = false

  func run() throws {
    let file = Configuration.path()
    if path { return print(file) }
    if initialize {
      try Folder.make(Folder.containing(file))
      try AtomicFile.write(Configuration().annotated, to: file, overwriting: false)
      return print(file)
    }
    let isThere = FileManager.default.fileExists(atPath: file)
    let text = try Configuration.load(file).annotated
    print("# \(file)\(isThere ? "" : " (not there; 'lrp config --init' writes it)")\n")
    print(text, terminator: "")
  }
}
