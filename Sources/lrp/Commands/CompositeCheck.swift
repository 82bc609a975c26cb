import ArgumentParser
import CompositeFiles

/// `lrp composite check`: reads composite files and says what is wrong with them.
struct CompositeCheck: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Check composite files; exit status 1 if any is wrong.",
    discussion: """
      With a model, from --model or the file's own 'model', layer names and the fitness of every rule for its layer are \
      checked too.
      """)

  @Argument(help: "Composite files.") var files: [String]
  @OptionGroup(title: "Model") var model: ModelOptions

  mutating func validate() throws {
    if files.isEmpty { throw ValidationError("no composite file found, at least one expected") }
  }

  func run() throws {
    var hasFailed = false
    for file in files {
      do {
        let reading = try CompositeReading(file, options: model)
        let assignment = try reading.assignment()
        reading.document.warnings.forEach(StandardError.warn)
        if let assignment, let model = reading.model {
          let nodes = assignment.matches.dropFirst()
          let count = nodes.count { $0 != nil }
          print("\(file): right; \(count) of \(nodes.count) layers of \(model.card.name) have a rule")
        } else {
          print("\(file): right; not compared with a model")
        }
      } catch {
        hasFailed = true
        let message = "\(error)"
        StandardError.write("Error: " + (message.hasPrefix(file) ? message : "\(file): \(message)"))
      }
    }
    if hasFailed { throw ExitCode.failure }
  }
}
