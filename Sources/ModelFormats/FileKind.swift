import FileSystem

/// Files that people take for models or weights although they are something else, told by their first bytes.
struct FileKind {
  /// In words, for messages: `a Keras model (HDF5)`.
  let name: String
  let advice: String

  private static let convert = "convert the model to ONNX, with tf2onnx for TensorFlow and Keras"
  private static let fetch = "get the file itself"

  private init(_ name: String, _ advice: String) {
    self.name = name
    self.advice = advice
  }

  /// What a file is that is neither safetensors nor PyTorch's nor ONNX; `nil` if that cannot be told.
  /// - Parameter isWeights: whether parameters were expected, and not a model.
  init?(_ file: MappedFile, isWeights: Bool) {
    let bytes = file.bytes
    func starts(_ text: String, at offset: Int = 0) -> Bool {
      bytes.count >= offset + text.utf8.count && bytes[offset..<offset + text.utf8.count].elementsEqual(text.utf8)
    }
    func starts(_ prefix: [UInt8]) -> Bool { bytes.prefix(prefix.count).elementsEqual(prefix) }
    if bytes.isEmpty {
      self.init("an empty file", "get or save it anew")
    } else if starts([0x89, 0x48, 0x44, 0x46]) {
      self.init("an HDF5 file (a Keras model, perhaps)", Self.convert)
    } else if starts("TFL3", at: 4) {
      self.init("a TensorFlow Lite model", Self.convert)
    } else if starts([8, 1, 0x12]) {
      self.init("a TensorFlow model", Self.convert)
    } else if starts("version https://git-lfs") {
      self.init("a pointer of Git LFS", "fetch the file itself: git lfs pull")
    } else if starts("<") || starts("\n<") {
      self.init("a web page", "the download has failed; " + Self.fetch)
    } else if starts("GGUF") {
      self.init("a GGUF file", "give the model in PyTorch's format, safetensors or ONNX")
    } else if starts([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]) {
      self.init("a NumPy array", "an array is an input: give it with --input")
    } else if starts([0x89, 0x50, 0x4e, 0x47]) || starts([0xff, 0xd8, 0xff]) || starts("RIFF") && starts("WEBP", at: 8)
    {
      self.init("a picture", "a picture is an input: give it with --input")
    } else if starts([0x1f, 0x8b]) {
      self.init("a file compressed with gzip", "unpack it first, with gunzip")
    } else if !isWeights, PyTorchFile.recognizes(file) {
      self.init("a PyTorch file", "give it with --weights, and --model with its architecture")
    } else if !isWeights, bytes.count > 9, bytes[8] == UInt8(ascii: "{"), bytes[4..<8].allSatisfy({ $0 == 0 }) {
      self.init("a safetensors file", "give it with --weights, and --model with its architecture")
    } else if isWeights, bytes[0] == 8, bytes.count > 3, [0x12, 0x1a, 0x22, 0x2a, 0x32, 0x3a, 0x42].contains(bytes[2]) {
      self.init("an ONNX model", "an ONNX file is a model by itself: give it with --model, without --weights")
    } else if bytes.prefix(512).allSatisfy({ $0 == 9 || $0 == 10 || $0 == 13 || (0x20...0x7e).contains($0) }) {
      self.init("a text", Self.fetch)
    } else {
      return nil
    }
  }

  /// What a zip archive with members of these names is, if it is nothing of PyTorch's.
  init?(members: [String]) {
    if members.contains("model.weights.h5") {
      self.init("a Keras model", Self.convert)
    } else if let first = members.first, first.hasSuffix(".npy") {
      self.init("an archive of NumPy arrays", "save them as safetensors, or with torch.save")
    } else {
      return nil
    }
  }

  /// - Parameter expected: what the file should have been.
  func error(file: String, expected: String = "safetensors or a file written by torch.save") -> ModelFormatError {
    .malformed(file: file, found: name, expected: expected, advice: advice)
  }
}
