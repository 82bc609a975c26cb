import ArgumentParser
import Heatmaps

/// How relevance becomes colours.
struct HeatmapOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A colour map ('lrp cmaps' lists them) or CMSL source such as 00f,fff,f00.", valueName: "name|cmsl"))
  var cmap = "coldnhot"

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Below 1 only the middle of the colour map is used, above 1 its ends come earlier."))
  var level = 1.0

  @Option(
    help: ArgumentHelp(
      "What is laid onto the colour map: -m…m, |r| from 0 to m, or min…max.",
      valueName: RelevanceNorm.allCases.map(\.rawValue).joined(separator: "|")))
  var norm: RelevanceNorm = .symmetric

  mutating func validate() throws {
    guard level.isFinite else { throw ValidationError("--level: \(level) found, a finite number expected") }
    do {
      _ = try ColorMap(cmap)
    } catch {
      throw ValidationError("--cmap: \(error)")
    }
  }

  func imageOptions(grid: ImageGrid? = nil) throws -> ImageOptions {
    ImageOptions(norm: norm, colorMap: try ColorMap(cmap), level: level, grid: grid)
  }
}

extension RelevanceNorm: ExpressibleByArgument {}
