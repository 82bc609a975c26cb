/// The kinds of files a figure can be written as. The raw values are the files' endings.
public enum FigureFormat: String, CaseIterable, Hashable, Sendable {
  /// Pixels, for slides and web pages.
  case png
  /// Vectors; texts are drawn as outlines, so that they look the same everywhere, and repeated in its description.
  case svg
  /// Vectors with embedded fonts, for papers.
  case pdf

  /// The format a path's ending stands for, in upper or lower case.
  /// - Throws: ``FigureError/unknownFormat(path:found:)``.
  public init(path: String) throws(FigureError) {
    let name = path.split(separator: "/", omittingEmptySubsequences: false).last ?? ""
    let ending = name.lastIndex(of: ".").map { String(name[name.index(after: $0)...]) } ?? ""
    guard let format = FigureFormat(rawValue: ending.lowercased()) else {
      throw .unknownFormat(path: path, found: ending)
    }
    self = format
  }
}
