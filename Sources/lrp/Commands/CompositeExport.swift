import ArgumentParser
import CompositeFiles
import FileSystem

/// `lrp composite export`: a composite for other programs, or written out in full.
struct CompositeExport: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Convert a composite file or preset to Python for zennit, or write it out in full.",
    discussion: """
      Python: a stand-alone script that builds the composite from zennit's own classes. YAML: globs and ranges expanded, \
      one line per rule and parameter set, in layer order.

      Example: lrp composite export rules.yaml --format python --output rules.py
      """)

  enum Format: String, CaseIterable, ExpressibleByArgument {
    case python, yaml
  }

  @Argument(help: ArgumentHelp("A composite file or a preset.", valueName: "file|preset")) var composite: String
  @Option(name: .shortAndLong, help: "python or yaml.") var format: Format = .python
  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("Where to write it. (default: standard output)", valueName: "file"))
  var output: String?
  @OptionGroup(title: "Model") var model: ModelOptions

  func run() throws {
    if let output {
      let file = try OutputFile(output, option: "--output", formats: format == .python ? ["py"] : ["yaml", "yml"])
      try OutputFile.checkDistinct([file], inputs: [composite])
    }
    let reading = try CompositeReading(composite, options: model)
    _ = try reading.assignment()
    let document = reading.documentWithCanonizers
    document.warnings.forEach(StandardError.warn)
    let text = format == .python ? document.python() : document.yaml()
    if let output { try AtomicFile.write(text, to: output) } else { print(text, terminator: "") }
  }
}
