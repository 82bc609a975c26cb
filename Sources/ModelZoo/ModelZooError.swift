import FileSystem
import Foundation
import Tensors

/// What can go wrong on the way from a model's name to a network with parameters.
public enum ModelZooError: Error, Equatable, CustomStringConvertible, LocalizedError {
  case unknownModel(name: String, nearest: String?, known: [String])
  /// A relative of a model that is known, with another network.
  case otherModel(name: String, known: String)
  /// A number of classes, a seed, … that the model cannot take.
  case badOption(model: String, problem: String)
  /// The tensors in a file are not those of the architecture.
  case otherParameters(file: String, model: String, mismatch: ParameterMismatch)
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
    case .otherModel(let name, let known):
      return "no model '\(name.shown())'; it is another network than '\(known)': export it to ONNX (torch.onnx.export)"
        + " and give that file with --model"
    case .badOption(let model, let problem):
      return "\(model): \(problem)"
    case .otherParameters(let file, let model, let mismatch):
      return mismatch.text(file: file, model: model)
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
}
