import FileSystem
import Tensors

/// Everything that can go wrong in this module; the descriptions are meant for the user as they are.
public enum HeatmapError: Error, Hashable, Sendable {
  /// A colour-map source that is not CMSL. `column` counts characters from 1.
  case colorMapSource(source: String, column: Int, found: String, expected: String)
  /// A name for which a library holds no source.
  case unknownColorMap(name: String, known: [String])
  /// An array that cannot be shown as a picture.
  case shape(Shape, expected: String)
  /// A bound, fill value or grid that does not fit the array it is for.
  case argument(name: String, found: String, expected: String)
  /// A file that holds no picture that can be read: what it is and what to do, as a sentence.
  case unreadablePicture(name: String, problem: String)
  /// A picture that declares more pixels than will be read.
  case pictureTooLarge(name: String, width: Int, height: Int, limit: PictureLimits)
  /// A picture for which there is no memory; the problem is a sentence.
  case noMemory(problem: String)
  /// A picture that could not be encoded.
  case encoding(reason: String)
}

extension HeatmapError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .colorMapSource(let source, let column, let found, let expected):
      return "colour map \"\(source.shown())\", column \(column): found \(found.shown()), expected \(expected)"
    case .unknownColorMap(let name, let known):
      return "no colour map is called \"\(name.shown())\"; known are \(known.joined(separator: ", "))"
    case .shape(let shape, let expected):
      return "an array of shape \(shape) cannot be shown as a picture; expected \(expected)"
    case .argument(let name, let found, let expected):
      return "\(name): found \(found), expected \(expected)"
    case .unreadablePicture(let name, let problem):
      return "\(name): \(problem)"
    case .pictureTooLarge(let name, let width, let height, let limit):
      return "\(name): the picture has \(width) x \(height) pixels; lrp reads \(limit), so scale it down first"
    case .noMemory(let problem): return problem
    case .encoding(let reason):
      return "the picture could not be encoded: \(reason)"
    }
  }
}
