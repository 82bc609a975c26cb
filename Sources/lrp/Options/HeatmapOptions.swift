import ArgumentParser
import Heatmaps
import ProgramFiles

/// How relevance becomes colours.
struct HeatmapOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A colour map ('lrp cmaps' lists them) or CMSL source such as 00f,fff,f00. (default: coldnhot)",
      valueName: "name|cmsl"))
  var cmap: String?

  /// By name or source.
  var colorMap: String { cmap ?? Configuration.standardColorMap }

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Below 1 only the middle of the colour map is used, above 1 its ends come earlier. (default: 1)")
  )
  var level: Double?

  @Option(
    name: [.customLong("norm"), .customLong("relevance-norm")],
    help: ArgumentHelp(
      "What is laid onto the colour map: -m…m, |r| from 0 to m, or min…max. (default: symmetric)",
      valueName: RelevanceNorm.allCases.map(\.rawValue).joined(separator: "|")))
  var norm: RelevanceNorm?

  mutating func validate() throws {
    if let level, !level.isFinite { throw ValidationError("--level: \(level) found, a finite number expected") }
    do {
      _ = try ColorMap(colorMap)
    } catch {
      throw ValidationError("--cmap: \(error)")
    }
  }

  func imageOptions(grid: ImageGrid? = nil) throws -> ImageOptions {
    ImageOptions(
      norm: norm ?? .symmetric, colorMap: try ColorMap(colorMap), level: level ?? 1, grid: grid)
  }
}

extension RelevanceNorm: ExpressibleByArgument {}
