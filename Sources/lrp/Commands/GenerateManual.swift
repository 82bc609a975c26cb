import ArgumentParser
import Foundation

/// `lrp generate-manual`: the manual page, made from the declarations of the commands. Used by `make install`.
struct GenerateManual: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "generate-manual", abstract: "Write the manual page (roff) to standard output.", shouldDisplay: false)

  func run() throws {
    let description = try JSONDecoder().decode(ProgramDescription.self, from: Data(LRPCommand._dumpHelp().utf8))
    print(ManualPage(description).text, terminator: "")
  }
}
