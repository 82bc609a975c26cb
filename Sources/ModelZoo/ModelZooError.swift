import FileSystem
import Foundation
import Tensors

/// What can go wrong on the way from a model's name to a network with parameters.
public enum ModelZooError: Error, Equatable, CustomStringConvertible, LocalizedError {
  case unknownModel(name: String, nearest: String?, known: [String])
  /// A number of classes, a seed, … that the model cannot take.
  case badOption(model: String, problem: String)
  /// Parameters the architecture needs and the file lacks.
  case missingParameters(file: String, model: String, names: [String], nearest: String?)
  /// Tensors in the file that the architecture does not have.
  case unexpectedParameters(file: String, model: String, names: [String], nearest: String?)
  case parameterShape(file: String, model: String, name: String, found: Shape, expected: Shape, advice: String)
  case parameterValue(file: String, model: String, name: String, found: String, expected: String)
  case noAssets(searched: [String])
  case missingAsset(path: String)
  case picture(found: String, expected: String)
  /// Something is wrong in a model card or in a file of labels.
  /// - Parameter place: file, line and column.
  case card(place: String, problem: String)
  /// A name that cannot be given to a model.
  case badName(name: String, problem: String)
  /// A registered model has this name already.
  case nameTaken(name: String)
  case notRegistered(name: String, nearest: String?)
  case unknownClass(text: String, model: String, classes: Int, nearest: String?)

  public var description: String {
    switch self {
    case .unknownModel(let name, let nearest, let known):
      return "no model '\(name.shown())'" + (nearest.map { "; did you mean '\($0)'?" } ?? "")
        + " (known: \(known.joined(separator: ", ")))"
    case .badOption(let model, let problem):
      return "\(model): \(problem)"
    case .missingParameters(let file, let model, let names, let nearest):
      return "\(file): lacks \(Self.listed(names)) of \(model)"
        + (nearest.map { "; it has '\($0.shown())'" } ?? "")
        + "; give weights of this architecture (--model), with its parameter names"
    case .unexpectedParameters(let file, let model, let names, let nearest):
      return "\(file): has \(Self.listed(names)), which \(model) does not have"
        + (nearest.map { "; it has '\($0.shown())'" } ?? "")
        + "; give weights of this architecture (--model) and nothing else"
    case .parameterShape(let file, let model, let name, let found, let expected, let advice):
      return "\(file): parameter '\(name)': found shape \(found), \(model) expects \(expected); \(advice)"
    case .parameterValue(let file, let model, let name, let found, let expected):
      return "\(file): parameter '\(name)' of \(model): found \(found), expected \(expected); the weights are damaged"
    case .noAssets(let searched):
      return "the program's assets were not found; looked in \(searched.joined(separator: ", "));"
        + " set LRP_ASSETS to the folder that holds models, images and labels"
    case .missingAsset(let path):
      return "\(path): is missing; install the program's assets again or set LRP_ASSETS to a complete folder"
    case .picture(let found, let expected):
      return "picture: found \(found), expected \(expected)"
    case .card(let place, let problem):
      return "\(place): \(problem)"
    case .badName(let name, let problem):
      return "the name '\(name)' cannot be used: \(problem); give another one with --name"
    case .nameTaken(let name):
      return "there is a model '\(name)' already; --replace replaces it, --name gives another name"
    case .notRegistered(let name, let nearest):
      return "no model '\(name)' was added" + (nearest.map { "; did you mean '\($0)'?" } ?? "")
        + " ('lrp models' lists those with a file)"
    case .unknownClass(let text, let model, let classes, let nearest):
      return "\(model) has no class '\(text)'; give a number from 0 to \(classes - 1) or a label"
        + (nearest.map { " such as '\($0)'" } ?? "")
    }
  }

  public var errorDescription: String? { description }

  private static func listed(_ names: [String]) -> String {
    let shown = names.prefix(3).map { "'\($0.shown())'" }.joined(separator: ", ")
    let kind = names.count == 1 ? "parameter" : "parameters"
    return "\(kind) \(shown)" + (names.count > 3 ? " and \(names.count - 3) more" : "")
  }
}
