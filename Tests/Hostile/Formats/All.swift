extension HostileFormat {
  static func all() throws -> [HostileFormat] {
    let models = try [
      safetensors(), pytorch(), pytorchLegacy(), onnx(), onnxForward(), npy(), onnxBombs(), parameterBombs(),
      pickleBombs(), yamlBombs(),
    ]
    let texts = try [card(), labels(), composite(), colorMap(), script()]
    let own = try [configuration(), lesson(), progress(), runRecord(), unsavedHeading()]
    return try models + [onnxExternal(), weights()] + texts + own + pictures()
  }
}
