import Foundation
import YAMLFiles

/// What is wrong with a composite file: where, what was found, what was expected, what to do.
public enum CompositeFileError: Error, Equatable, CustomStringConvertible, LocalizedError {
  /// Something at a place in the file; lines and columns count from 1.
  case invalid(file: String, line: Int, column: Int, problem: String)
  /// The file as a whole cannot be a composite file.
  case unreadable(file: String, problem: String)
  /// A document that no composite file can hold.
  case notWritable(problem: String)

  public var description: String {
    switch self {
    case .invalid(let file, let line, let column, let problem): return "\(file):\(line):\(column): \(problem)"
    case .unreadable(let file, let problem): return "\(file): \(problem)"
    case .notWritable(let problem): return problem
    }
  }

  public var errorDescription: String? { description }

  /// Runs `body`; what it finds wrong with YAML becomes an error of this module.
  static func translating<Result>(_ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch let error as YAMLFileError {
      switch error {
      case .invalid(let file, let line, let column, let problem):
        throw CompositeFileError.invalid(file: file, line: line, column: column, problem: problem)
      case .unreadable(let file, let problem):
        throw CompositeFileError.unreadable(file: file, problem: problem)
      }
    }
  }
}
