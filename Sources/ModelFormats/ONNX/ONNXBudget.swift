/// What opening a model may take in memory: in all not more than three times its files and a fixed sum, however often its
/// numbers are copied or computed with.
struct ONNXBudget {
  let path: String
  private var remaining: Int

  /// For tables and small objects, whatever the file's size.
  private static let allowance = 20 << 20

  /// - Parameters:
  ///   - fileSize: bytes of the model's file.
  ///   - messages: bytes that its messages take already.
  init(path: String, fileSize: Int, messages: Int) {
    self.path = path
    remaining = Self.allowance + 3 * min(fileSize, 1 << 40) - messages
  }

  /// A file with external data allows for more.
  mutating func add(fileSize: Int) { remaining += 3 * min(fileSize, 1 << 40) }

  /// - Throws: ``ModelFormatError`` if there are not so many bytes left.
  mutating func spend(_ bytes: Int) throws {
    guard bytes <= remaining else {
      throw ModelFormatError.malformed(
        file: path, found: "more numbers to keep in memory than the file's size gives reason for",
        expected: "at most three bytes for each of the file's",
        advice: "export the model anew in float32, with weights that are stored once and used as they are")
    }
    remaining -= max(0, bytes)
  }
}
