import FileSystem
import Foundation

/// Something for a paper or a slide, that can lay itself out and be written as PNG, SVG or PDF.
///
/// A figure is a value with the data to show. Laying it out gives a ``Drawing``, which is a value too; only then does
/// cairo draw it.
public protocol Figure: Sendable {
  /// Places everything on a page.
  /// - Parameter text: says how wide texts are.
  /// - Throws: ``FigureError`` if there is nothing to show, or too much.
  func drawing(_ text: TextMeasure) throws(FigureError) -> Drawing
}

extension Figure {
  /// The bytes of a file with this figure.
  /// - Throws: ``FigureError``.
  public func encoded(as format: FigureFormat) throws(FigureError) -> Data {
    let fonts = try CairoTextMeasure()
    return try CairoRenderer.encode(drawing(fonts.measure), as: format)
  }

  /// Writes the figure as the path's ending says: `.png`, `.svg` or `.pdf`. The file is written whole or not at all.
  /// - Parameter overwriting: with `false`, an existing file is left alone and an error thrown.
  /// - Throws: ``FigureError``, or `FileError` if the file cannot be written.
  public func write(to path: String, overwriting: Bool = true) throws {
    let format = try FigureFormat(path: path)
    try AtomicFile.write(encoded(as: format), to: path, overwriting: overwriting)
  }
}
