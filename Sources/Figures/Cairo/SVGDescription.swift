import Foundation

/// Adds to cairo's SVG what it leaves out: texts as texts, for search and for screen readers, since cairo draws them as
/// outlines; and that pictures are not to be smoothed.
enum SVGDescription {
  static func added(to file: Data, of drawing: Drawing) -> Data {
    guard var text = String(data: file, encoding: .utf8) else { return file }
    // Of both spellings every program knows at least one. Later versions of cairo may say it themselves.
    if !text.contains("image-rendering") {
      text = text.replacingOccurrences(
        of: "<image ", with: "<image image-rendering=\"optimizeSpeed\" style=\"image-rendering:pixelated\" ")
    }
    guard let tag = text.range(of: "<svg "), let end = text.range(of: ">", range: tag.upperBound..<text.endIndex)
    else { return file }
    let lines = drawing.texts.map(escaped).joined(separator: "\n")
    text.insert(
      contentsOf: "\n<title>\(escaped(drawing.title))</title>\n<desc>\(lines)</desc>", at: end.upperBound)
    return Data(text.utf8)
  }

  static func escaped(_ text: String) -> String {
    text.replacingOccurrences(of: "&", with: "&amp;").replacingOccurrences(of: "<", with: "&lt;")
      .replacingOccurrences(of: ">", with: "&gt;")
  }
}
