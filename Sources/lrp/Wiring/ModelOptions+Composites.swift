import CompositeFiles
import Foundation
import LRP
import ModelZoo

extension ModelOptions {
  /// The options with the model that composite files say they were made for, where the user names none.
  /// - Parameter composites: what was given for `--composite`: presets, files, `none`, or nothing.
  /// - Throws: ``CommandFailure`` for files of different models, or of one that cannot be opened by its name here;
  ///   what keeps a file from being read.
  func completed(by composites: [String?]) throws -> ModelOptions {
    guard model == nil else { return self }
    var made: (file: String, model: String)?
    for case let name? in composites where !CompositeResolver.isBuiltIn(name) {
      try CompositeResolver.refuseUnknown(name)
      guard let model = try CompositeDocument.modelName(inFile: name) else { continue }
      if let made, made.model != model {
        throw CommandFailure(
          "\(made.file) is for the model \(made.model), \(name) for \(model); choose one with --model")
      }
      made = (name, model)
    }
    guard let made else { return self }
    let listed = ModelZoo.list + ModelRegistry().list
    guard listed.contains(where: { $0.name == made.model }) || FileManager.default.fileExists(atPath: made.model) else {
      throw CommandFailure(
        "\(made.file) is for the model \(made.model), which is neither in 'lrp models' nor a file here; "
          + "name the model with --model")
    }
    var options = self
    options.model = made.model
    return options
  }

  /// Opens the model, that of the composite files if the user names none; see ``load(quietly:)``.
  func load(for composites: [String?], quietly: Bool = false) throws -> Model {
    try completed(by: composites).load(quietly: quietly)
  }
}
