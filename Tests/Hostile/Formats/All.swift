extension HostileFormat {
  static func all() throws -> [HostileFormat] {
    let models = try [
      safetensors(), pytorch(), pytorchLegacy(), onnx(), onnxForward(), npy(), onnxBombs(), parameterBombs(),
      pickleBombs(), yamlBombs(),
    ]
    return try models + [card(), labels(), composite(), colorMap(), script()] + pictures()
  }
}
