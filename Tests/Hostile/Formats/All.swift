extension HostileFormat {
  package static func all() throws -> [HostileFormat] {
    let models = try [
      safetensors(), pytorch(), pytorchLegacy(), onnx(), onnxForward(), npy(), npz(), onnxBombs(), parameterBombs(),
      pickleBombs(), yamlBombs(),
    ]
    let texts = try [card(), labels(), composite(), colorMap(), script()]
    let own = try [configuration(), lesson(), progress(), runRecord(), unsavedHeading()]
    return try models + [onnxExternal(), weights(), shardIndex()] + texts + own + pictures()
  }

  /// - Throws: ``UnknownFormat`` for a name that no format has.
  package static func named(_ name: String) throws -> HostileFormat {
    let formats = try all()
    guard let chosen = formats.first(where: { $0.name == name }) else {
      throw UnknownFormat(name: name, known: formats.map(\.name))
    }
    return chosen
  }
}

package struct UnknownFormat: Error, CustomStringConvertible {
  let name: String
  let known: [String]
  package var description: String { "no format is called '\(name)'; there are \(known.joined(separator: ", "))" }
}
