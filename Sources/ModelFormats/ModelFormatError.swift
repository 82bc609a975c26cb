import FileSystem
import Foundation

/// What is wrong with a file of numbers: which file, which tensor, what was found, what was expected, what to do.
public enum ModelFormatError: Error, Equatable, CustomStringConvertible, LocalizedError {
  /// The file as a whole is not what its format asks for.
  case malformed(file: String, found: String, expected: String, advice: String)
  /// The file is what its format asks for, but not what lrp reads.
  case unsupported(file: String, problem: String, advice: String)
  /// One of the files of a checkpoint in several is missing, or it cannot be read: one sentence.
  case shard(index: String, problem: String)
  /// The file is of another kind than it was taken for.
  case foreign(file: String, kind: String, advice: String)
  /// One tensor's description or contents are wrong.
  case tensor(file: String, name: String, found: String, expected: String, advice: String)
  /// A network's node cannot be brought over.
  /// - Parameter module: the path of the module it belongs to, where the exporter tells.
  case node(file: String, name: String, operation: String, module: String?, problem: String, advice: String)
  /// The file has no tensor of this name.
  case noSuchTensor(file: String, name: String, nearest: String?)

  public var description: String {
    switch self {
    case .malformed(let file, let found, let expected, let advice):
      return "\(file): found \(found), expected \(expected); \(advice)"
    case .unsupported(let file, let problem, let advice): return "\(file): \(problem); \(advice)"
    case .shard(let index, let problem): return "\(index): \(problem)"
    case .foreign(let file, let kind, let advice):
      return "\(file): this is \(kind); \(advice)"
    case .tensor(let file, let name, let found, let expected, let advice):
      return "\(file): tensor '\(printable(name))': found \(found), expected \(expected); \(advice)"
    case .node(let file, let name, let operation, let module, let problem, let advice):
      let place = module.map { $0 == name ? "" : " in module '\(printable($0))'" } ?? ""
      return "\(file): node '\(printable(name))' (\(printable(operation)))\(place): \(problem); \(advice)"
    case .noSuchTensor(let file, let name, let nearest):
      return "\(file): no tensor '\(printable(name))'" + (nearest.map { "; did you mean '\(printable($0))'?" } ?? "")
    }
  }

  public var errorDescription: String? { description }
}

/// A name from a file, fit for a message on a terminal: no control characters, not endless.
func printable(_ name: String) -> String { name.shown(limit: 120) }
