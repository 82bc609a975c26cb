import ArgumentParser
import Heatmaps
import TerminalUI

/// `lrp cmaps`: the colour maps, each as a bar.
struct ColorMaps: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cmaps",
    abstract: "List the colour maps, each with a bar of its colours.",
    discussion: """
      A colour map is written in CMSL: colours of 3 or 6 hexadecimal digits, each optionally behind an index of 1 or 2 \
      digits and a colon. '00f,80:fff,f00' runs from blue over white to red.
      """)

  @Argument(help: ArgumentHelp("Names or CMSL sources; all built-in maps if none is given.", valueName: "map"))
  var maps: [String] = []

  @Option(parsing: .unconditional, help: "See 'lrp render --help'.")
  var level = 1.0
  @Flag(help: "Write JSON.") var json = false
  @OptionGroup var colors: ColorOptions

  mutating func validate() throws {
    if !level.isFinite { throw ValidationError("--level: \(level) found, a finite number expected") }
  }

  func run() throws {
    let entries = try maps.isEmpty ? BuiltInColorMaps.all.map(Row.init) : maps.map(Row.init(text:))
    if json {
      print(try JSONText.text(entries), terminator: "")
      return
    }
    let width = (entries.map(\.name.displayWidth).max() ?? 0) + 2
    let capabilities = colors.capabilities
    for row in entries {
      let name = row.name + String(repeating: " ", count: width - row.name.displayWidth)
      let bar = capabilities.colorMode == .monochrome ? "" : try Self.bar(row.source, level, capabilities) + "  "
      print(name + bar + row.source + (row.summary.isEmpty ? "" : "  " + row.summary))
    }
  }

  private static func bar(_ source: String, _ level: Double, _ capabilities: DisplayCapabilities) throws -> String {
    let width = 32
    let colors = try ColorMap(source).bar(count: width, level: level).map { Color($0) }
    var buffer = CellBuffer(width: width, height: 1)
    HalfBlockImage(width: width, height: 2, pixels: colors + colors)
      .draw(into: &buffer, in: buffer.bounds, capabilities: capabilities)
    return String(buffer.ansiText(capabilities).dropLast())
  }

  private struct Row: Encodable {
    let name: String
    let source: String
    let summary: String
    let diverging: Bool?

    init(_ entry: BuiltInColorMaps.Entry) {
      name = entry.name
      source = entry.source
      summary = entry.summary
      diverging = entry.isDiverging
    }

    /// - Throws: `HeatmapError` if the text is neither a name nor a source.
    init(text: String) throws {
      let entry = BuiltInColorMaps.all.first { $0.name == text }
      name = text
      source = try ColorMap(text).source
      summary = entry?.summary ?? ""
      diverging = entry?.isDiverging
    }
  }
}
