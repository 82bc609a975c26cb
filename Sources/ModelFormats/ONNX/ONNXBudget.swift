/// What opening a model may take: in memory not more than three times its files and a fixed sum, however often its numbers
/// are copied or computed with; and a number of steps of computation.
struct ONNXBudget {
  let path: String
  private(set) var remaining: Int
  private var steps = mostSteps

  /// For tables and small objects, whatever the file's size.
  private static let allowance = 20 << 20
  /// Some seconds.
  private static let mostSteps = 1 << 30

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
      throw ModelFormatError.unsupported(
        file: path,
        problem:
          "its constants take more memory than the file's size gives reason for: lrp takes three bytes for each of"
          + " the file's", advice: "let a program such as onnxsim compute the model's constants beforehand")
    }
    remaining -= max(0, bytes)
  }

  /// Gives back what is not kept.
  mutating func refund(_ bytes: Int) { remaining += bytes }

  /// Takes steps of computation.
  /// - Throws: ``ONNXImporter/Problem`` if that would take too long.
  mutating func work(_ count: Int) throws {
    guard count <= steps else {
      throw ONNXImporter.Problem(
        "what it computes of constants takes more than 2^30 steps with what was computed before",
        advice: "let a program such as onnxsim compute the model's constants beforehand")
    }
    steps -= max(0, count)
  }
}
