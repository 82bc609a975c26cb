/// Everything that can go wrong in this module; the descriptions are meant for the user as they are.
///
/// Writing a figure to a file throws `FileError` as well.
public enum FigureError: Error, Hashable, Sendable {
  /// A file name whose ending stands for no format.
  case unknownFormat(path: String, found: String)
  /// A figure without anything to show.
  case empty(figure: String, expected: String)
  /// Parts that do not fit each other.
  case mismatch(figure: String, found: String, expected: String)
  /// A figure that would be larger than what is drawn.
  case tooLarge(figure: String, width: Int, height: Int, limit: String)
  /// cairo could not draw or encode it.
  case drawing(figure: String, reason: String)
}

extension FigureError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .unknownFormat(let path, let found):
      let ending = found.isEmpty ? "no ending" : "the ending .\(found)"
      return "\(path): found \(ending), expected .png, .svg or .pdf; name the figure so"
    case .empty(let figure, let expected):
      return "\(figure): found nothing to show, expected \(expected)"
    case .mismatch(let figure, let found, let expected):
      return "\(figure): found \(found), expected \(expected)"
    case .tooLarge(let figure, let width, let height, let limit):
      return "\(figure): would have \(width) x \(height) pixels, expected \(limit);"
        + " show less, or bring the maps to a smaller size first"
    case .drawing(let figure, let reason):
      return "\(figure): could not be drawn: \(reason)"
    }
  }
}
