import Heatmaps
import ModelFormats
import TerminalTesting
import TerminalUI
import Testing

/// A picture of half blocks as a terminal shows it.
struct HeatmapOnScreen: Equatable {
  /// Place of the upper left cell.
  let x: Int
  let y: Int
  let width: Int
  /// Rows of pixels, two to a cell.
  let height: Int
  let pixels: [TerminalColor]

  /// The colours that relevance has on the explorer's standard scale: symmetric, clipped at the 99th percentile.
  /// - Parameter path: of an array (1, C, H, W) as `lrp attribute` writes it.
  func expected(relevance path: String, colorMap: String = "coldnhot") throws -> [TerminalColor] {
    let map = try RelevanceMap(channelSumOf: try NPYFile.read(path))
    let small = map.resampled(width: width, height: height, quantity: .mean)
    let scale = HeatmapScale(of: small, norm: .symmetric, percentile: 99)
    let picture = Heatmap.rgb(small, scale: scale, colorMap: try ColorMap(colorMap))
    return (0..<width * height).map { index in
      let color = picture.pixel(index)
      return .rgb(UInt32(color.red) << 16 | UInt32(color.green) << 8 | UInt32(color.blue))
    }
  }
}

extension CapturedScreen {
  /// The largest rectangle of half blocks, which is the heatmap; `nil` if there is none of at least 20 columns.
  var image: HeatmapOnScreen? {
    var best: (columns: Range<Int>, rows: Range<Int>)?
    for y in rows.indices {
      guard let columns = halfBlocks(inRow: y), best.map({ !$0.rows.contains(y) }) ?? true else { continue }
      var end = y + 1
      while halfBlocks(inRow: end) == columns { end += 1 }
      if (end - y) * columns.count > (best.map { $0.columns.count * $0.rows.count } ?? 0) { best = (columns, y..<end) }
    }
    guard let (columns, lines) = best, lines.count >= 8 else { return nil }
    var pixels: [TerminalColor] = []
    for y in lines {
      pixels += columns.map { self[$0, y].foreground }
      pixels += columns.map { self[$0, y].background }
    }
    return HeatmapOnScreen(
      x: columns.lowerBound, y: lines.lowerBound, width: columns.count, height: 2 * lines.count, pixels: pixels)
  }

  /// The longest run of half blocks in a row.
  private func halfBlocks(inRow y: Int) -> Range<Int>? {
    guard rows.indices.contains(y) else { return nil }
    var (best, start): (Range<Int>, Int?) = (0..<0, nil)
    for x in 0...rows[y].count {
      let isBlock = x < rows[y].count && rows[y][x].text == "▀"
      if isBlock, start == nil { start = x }
      if !isBlock, let from = start {
        if x - from > best.count { best = from..<x }
        start = nil
      }
    }
    return best.count >= 20 ? best : nil
  }
}
