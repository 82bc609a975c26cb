import Figures
import Foundation
import Heatmaps

/// Every character 0.6 of the font's size wide, so that layouts do not depend on fonts.
var typewriter: TextMeasure { TextMeasure { text, font in Double(text.count) * font.size * 0.6 } }

func withTemporaryFolder<Result>(_ body: (URL) throws -> Result) throws -> Result {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent("figures-" + UUID().uuidString)
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  return try body(folder)
}

/// The figure as it comes out of a PNG file.
func rendered(_ figure: some Figure) throws -> Picture {
  try Picture(decoding: [UInt8](figure.encoded(as: .png)), name: "figure")
}

/// A map with a bump of each sign, and noise without chance.
func bumps(_ width: Int, _ height: Int, shift: Double = 0) -> RelevanceMap {
  let values = (0..<width * height).map { index in
    let x = (Double(index % width) + 0.5) / Double(width) - 0.5
    let y = (Double(index / width) + 0.5) / Double(height) - 0.5
    let hot = exp(-((x - 0.1 - shift) * (x - 0.1 - shift) + y * y) * 20)
    let cold = exp(-((x + 0.25) * (x + 0.25) + (y - 0.2) * (y - 0.2)) * 60)
    let noise = Double(index * 7919 % 101) / 101 - 0.5
    return Float(0.0132 * (hot - 0.6 * cold + 0.1 * noise))
  }
  return RelevanceMap(width: width, height: height, values: values)
}
