/// What is wrong with a YAML file: where, what was found, what was expected. Modules that read such files make errors
/// of their own of it.
package enum YAMLFileError: Error, Equatable, CustomStringConvertible {
  /// Something at a place in the file; lines and columns count from 1.
  case invalid(file: String, line: Int, column: Int, problem: String)
  /// The file as a whole cannot be read.
  case unreadable(file: String, problem: String)

  package var description: String {
    switch self {
    case .invalid(let file, let line, let column, let problem): return "\(file):\(line):\(column): \(problem)"
    case .unreadable(let file, let problem): return "\(file): \(problem)"
    }
  }
}
