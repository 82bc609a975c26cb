import Foundation
import Heatmaps

/// Draws what was laid out.
enum CairoRenderer {
  /// - Throws: ``FigureError``.
  static func encode(_ drawing: Drawing, as format: FigureFormat) throws(FigureError) -> Data {
    let surface = try CairoSurface(drawing, as: format)
    let context = try CairoContext(surface.handle, figure: drawing.title)
    if format != .png { context.scale(by: 1 / Double(drawing.pixelsPerPoint)) }
    context.fill(Box(x: 0, y: 0, width: Double(drawing.width), height: Double(drawing.height)), .white)
    for mark in drawing.marks { try draw(mark, with: context, format, figure: drawing.title) }
    try context.check(figure: drawing.title)
    let bytes = try surface.finish()
    return format == .svg ? SVGDescription.added(to: bytes, of: drawing) : bytes
  }

  private static func draw(
    _ mark: Mark, with context: CairoContext, _ format: FigureFormat, figure: String
  ) throws(FigureError) {
    switch mark {
    case .fill(let box, let color): context.fill(box, color)
    case .hatching(let box, let color, let spacing, let width): hatch(box, color, spacing, width, with: context)
    case .line(let points, let color, let width, let dashes):
      context.stroke(points, color, width: width, dashes: dashes)
    case .polygon(let corners, let color): context.fill(corners, color)
    case .disc(let center, let radius, let color): context.fillDisc(center, radius: radius, color)
    case .text(let label): context.show(label)
    case .picture(let picture, let x, let y, let cell):
      guard picture.width > 0, picture.height > 0 else { return }
      let factor = format == .png ? 1 : factor(for: picture, cell)
      let enlargement = CellSize(width: cell.width * factor, height: cell.height * factor)
      let pixels = try CairoPicture(picture, enlargement: enlargement, figure: figure)
      context.paint(pixels, x: Double(x), y: Double(y), scale: 1 / Double(factor))
    }
  }

  /// How many pixels to make of each of the page in a vector file. Some programs smooth pictures though the file says they
  /// shall not: with four for each value of a map, only the edges of values are smoothed.
  private static func factor(for picture: Picture, _ cell: CellSize) -> Int {
    let factor = max(1, (4 + max(cell.width, cell.height) - 1) / max(cell.width, cell.height))
    let pixels = picture.width * cell.width * picture.height * cell.height * factor * factor
    return pixels <= 4_000_000 ? factor : 1
  }

  private static func hatch(_ box: Box, _ color: RGB, _ spacing: Double, _ width: Double, with context: CairoContext) {
    guard spacing > 0, box.width > 0, box.height > 0 else { return }
    context.clipped(to: box) {
      // Lines start at whole multiples of the spacing, so that neighbours' hatchings meet.
      var x = ((box.x - box.height) / spacing).rounded(.down) * spacing
      while x < box.right {
        context.stroke(
          [Point(x, box.bottom), Point(x + box.height, box.y)], color, width: width, dashes: [])
        x += spacing
      }
    }
  }
}
