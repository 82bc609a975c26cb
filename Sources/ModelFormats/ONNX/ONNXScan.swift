import FileSystem

/// Looks over a serialized ONNX model before it is parsed and adds up what its messages would take in memory: two
/// bytes of a hostile file can ask for a message of hundreds.
struct ONNXScan {
  /// What a field holds, as far as it matters for memory. Fields not listed are numbers or skipped.
  private indirect enum Field {
    case message([Int: Field])
    case text
    case bytes
    /// Numbers that take up to 8 bytes each.
    case numbers
    /// An attribute's graph, such as a branch of `If`.
    case graph
  }

  private static let entry: [Int: Field] = [1: .text, 2: .text]
  private static let tensor: [Int: Field] = [
    1: .numbers, 4: .bytes, 5: .numbers, 6: .bytes, 7: .numbers, 8: .text, 9: .bytes, 10: .bytes, 11: .numbers,
    12: .text, 13: .message(entry), 16: .message(entry),
  ]
  private static let dimension: [Int: Field] = [2: .text, 3: .text]
  private static let tensorType: [Int: Field] = [2: .message([1: .message(dimension)])]
  private static let valueInfo: [Int: Field] = [
    1: .text, 2: .message([1: .message(tensorType), 6: .text]), 3: .text, 4: .message(entry),
  ]
  private static let attribute: [Int: Field] = [
    1: .text, 4: .bytes, 5: .message(tensor), 6: .graph, 7: .bytes, 8: .numbers, 9: .text, 10: .message(tensor),
    11: .graph, 13: .text, 21: .text,
  ]
  private static let node: [Int: Field] = [
    1: .text, 2: .text, 3: .text, 4: .text, 5: .message(attribute), 6: .text, 7: .text, 8: .text, 9: .message(entry),
  ]
  private static let graph: [Int: Field] = [
    1: .message(node), 2: .text, 5: .message(tensor), 10: .text, 11: .message(valueInfo), 12: .message(valueInfo),
    13: .message(valueInfo), 14: .message([1: .text, 2: .message(entry)]), 16: .message(entry),
  ]
  private static let model: [Int: Field] = [
    2: .text, 3: .text, 4: .text, 6: .text, 7: .message(graph), 8: .message([1: .text]), 14: .message(entry),
  ]

  private static let mostDepth = 8

  private let file: MappedFile
  private var cost = 0
  private var depth = 0
  private let limit: Int

  /// - Returns: about how many bytes the messages take in memory.
  /// - Throws: ``ModelFormatError`` if the file is no ONNX model, or one that would take too much memory.
  static func check(_ file: MappedFile) throws -> Int {
    var scan = ONNXScan(file)
    try scan.message(0..<file.count, Self.model)
    return scan.cost
  }

  private init(_ file: MappedFile) {
    self.file = file
    limit = 16 << 20 + 2 * min(file.count, 1 << 40)
  }

  private func wrong(_ found: String, _ expected: String) -> ModelFormatError {
    .malformed(
      file: file.path, found: found, expected: expected,
      advice: "the file is no ONNX model, truncated or corrupt; export or get it anew")
  }

  private mutating func message(_ range: Range<Int>, _ fields: [Int: Field]) throws {
    var reader = try ByteReader(file, at: range.lowerBound, byteCount: range.count)
    while reader.remaining > 0 {
      let start = reader.position
      let key = try varint(&reader)
      let (number, type) = (Int(truncatingIfNeeded: key >> 3), key & 7)
      guard (1...1 << 29).contains(number) else {
        throw wrong("field number \(key >> 3) at byte \(start)", "1 or more")
      }
      switch type {
      case 0: _ = try varint(&reader)
      case 1: _ = try reader.take(8)
      case 5: _ = try reader.take(4)
      case 2:
        let length = try varint(&reader)
        guard length <= UInt64(reader.remaining) else {
          throw wrong("a field of \(length) bytes at byte \(start)", "at most \(reader.remaining)")
        }
        let part = reader.position..<reader.position + Int(length)
        _ = try reader.take(part.count)
        try field(fields[number], part, start: start)
      default: throw wrong("a field of kind \(type) at byte \(start)", "0, 1, 2 or 5")
      }
      // Single numbers of a repeated field; others cost nothing, but are not worth telling apart.
      if type != 2, case .numbers = fields[number] { cost += 8 }
      guard cost <= limit else { throw wrong("more parts than its \(file.count) bytes allow", "a model") }
    }
  }

  private mutating func field(_ field: Field?, _ range: Range<Int>, start: Int) throws {
    switch field {
    case .message(let fields):
      cost += 400
      try message(range, fields)
    case .text: cost += 16 + range.count
    case .bytes: cost += 16 + range.count
    // As many as there are bytes that end one.
    case .numbers: cost += 32 + 8 * file.bytes[range].count { $0 & 0x80 == 0 }
    case .graph:
      guard depth < Self.mostDepth else {
        throw ModelFormatError.malformed(
          file: file.path, found: "graphs in operators in graphs, more than \(Self.mostDepth) deep",
          expected: "at most so many", advice: "lrp reads no more than that")
      }
      depth += 1
      defer { depth -= 1 }
      cost += 400
      try message(range, Self.graph)
    // Unknown fields are kept as they are.
    case nil: cost += range.count
    }
  }

  private func varint(_ reader: inout ByteReader) throws -> UInt64 {
    var value: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 64, by: 7) {
      let byte = try reader.byte()
      value |= UInt64(byte & 0x7f) << shift
      if byte & 0x80 == 0 { return value }
    }
    throw wrong("a number of more than ten bytes at byte \(reader.position - 10)", "a shorter one")
  }
}
