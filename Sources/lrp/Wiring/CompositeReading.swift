import CompositeFiles
import LRP
import ModelZoo
import NeuralNetwork

/// Reads composite files and presets for the commands about them, with a model if one is named anywhere.
struct CompositeReading {
  let document: CompositeDocument
  /// The model that names refer to; `nil` if none is named.
  let model: Model?
  private let defaultCanonizers: [any Canonizer]

  /// - Parameters:
  ///   - name: a composite file or a preset.
  ///   - options: the model the user named; without one, the file's own `model` is taken.
  init(_ name: String, options: ModelOptions) throws {
    let preset = Preset.all.first { $0.name == name }
    let isFile = preset == nil && name != "none"
    if isFile { try CompositeResolver.refuseUnknown(name) }
    // Names can only be resolved once the model is known, and the model may stand in the file.
    let modelName = try options.model ?? (!isFile ? nil : CompositeDocument.modelName(inFile: name))
    model = try modelName.flatMap { name in
      // What a file was made for may be nowhere here.
      options.model == nil && (try? ModelZoo.listing(of: name)) == nil
        ? nil
        : try options.open(name)
    }
    if let model {
      let resolver = CompositeResolver(model: model)
      defaultCanonizers = try resolver.chosenCanonizers()
      document = try resolver.resolve(name).document ?? CompositeDocument(model: model.card.name)
    } else {
      defaultCanonizers = []
      if isFile {
        document = try CompositeDocument(contentsOf: name)
      } else {
        let maps = try preset?.mapsWithoutModel()
        document = CompositeDocument(firstMap: maps?.firstMap ?? [], layerMap: maps?.layerMap ?? [])
      }
    }
  }

  /// The rules of the model's layers, checked against the shapes that reach them; `nil` without a model.
  func assignment() throws -> Assignment? {
    try model.map { model in
      let assignment = try document.composite(defaultCanonizers: defaultCanonizers).apply(to: model.network)
      let shapes = try assignment.network.shapes(forInput: model.card.inputShape.withLeadingAxis)
      do {
        try assignment.check(shapes: shapes)
      } catch let error as LRPError {
        guard case .rule(let layer, _, _) = error, let place = document.place(of: layer, in: assignment) else {
          throw error
        }
        throw CommandFailure("\(place): \(error)")
      }
      return assignment
    }
  }

  /// The document with the canonizers that are used if it names none: other programs have no defaults.
  var documentWithCanonizers: CompositeDocument {
    var copy = document
    copy.canonizers = document.canonizers ?? (model == nil ? nil : defaultCanonizers)
    copy.model = document.model ?? model?.card.name
    return model.map { copy.inOrder(of: $0.network) } ?? copy
  }
}

extension Preset {
  /// - Throws: ``CommandFailure`` for a preset that needs pixel bounds.
  fileprivate func mapsWithoutModel() throws -> CompositeMaps {
    guard !options.contains("low") else {
      throw CommandFailure("\(name) needs pixel bounds, which are a model's; name one with --model")
    }
    return try maps()
  }
}
