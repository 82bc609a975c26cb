import ModelFormats

enum FloatWeights {
  /// Writes a shipped model's parameters to a file as float32, which are used where they lie; those that are shipped are
  /// float16, and so copied.
  static func copy(_ model: String, to path: String) throws {
    let file = try SafetensorsFile(path: Program.asset("models/\(model).safetensors"))
    try SafetensorsFile.write(file.entries.map { ($0.name, try file.tensor($0)) }, to: path)
  }
}
