import Foundation
import Tensors

/// The JSON at the head of a safetensors file, parsed with everything that could be wrong with it in mind.
///
/// The format: 8 bytes of little-endian header length, the header
/// `{"name": {"dtype": "F32", "shape": [2, 3], "data_offsets": [begin, end]}, …, "__metadata__": {"key": "text"}}`,
/// then the data, which the offsets tile without gap or overlap. A general JSON reader would accept duplicate names
/// and fractions, so this one knows just what may occur here.
struct SafetensorsHeader {
  /// One tensor's entry; the offsets count from the end of the header.
  struct Entry {
    var name: String
    var type: ElementType
    var shape: [Int]
    var begin: Int
    var end: Int
  }

  private(set) var entries: [Entry] = []
  private(set) var metadata: [String: String] = [:]

  /// A longer header than any real model's is refused before it is read.
  static let largest = 100 << 20
  /// And more tensors or texts than one has: the smallest take six times their bytes in memory.
  static let mostEntries = 1 << 16

  init(_ bytes: UnsafeRawBufferPointer, file: String) throws {
    var reader = JSONReader(bytes: bytes, file: file)
    var names = Set<String>()
    func limit(_ count: Int, _ what: String) throws {
      guard count < Self.mostEntries else {
        throw ModelFormatError.malformed(
          file: file, found: "more than \(Self.mostEntries) \(what)", expected: "a model's tensors",
          advice: "store fewer of them in one file")
      }
    }
    try reader.object { reader, name in
      try limit(entries.count, "tensors")
      guard names.insert(name).inserted else {
        throw ModelFormatError.tensor(
          file: file, name: name, found: "the name twice in the header", expected: "each name once",
          advice: "write the file anew")
      }
      if name == "__metadata__" {
        try reader.object { reader, key in
          try limit(metadata.count, "texts")
          metadata[key] = try reader.string()
        }
      } else {
        entries.append(try Self.entry(name, &reader))
      }
    }
    try reader.end()
  }

  private static func entry(_ name: String, _ reader: inout JSONReader) throws -> Entry {
    var type: ElementType?
    var shape: [Int]?
    var offsets: [Int]?
    let file = reader.file
    func wrong(_ found: String, _ expected: String) -> ModelFormatError {
      .tensor(
        file: file, name: name, found: found, expected: expected, advice: "the header is corrupt; get the file anew")
    }
    try reader.object { reader, key in
      switch key {
      case "dtype" where type == nil:
        let text = try reader.string()
        guard let known = ElementType(rawValue: text) else {
          let all = ElementType.allCases.map(\.rawValue).joined(separator: ", ")
          throw ModelFormatError.tensor(
            file: file, name: name, found: "dtype \(printable(text))", expected: "one of \(all)",
            advice: "convert the tensor before saving")
        }
        type = known
      case "shape" where shape == nil:
        shape = try reader.integers(atMost: 32)
      case "data_offsets" where offsets == nil:
        offsets = try reader.integers(atMost: 2)
      default:
        throw wrong("key '\(printable(key))'", "dtype, shape and data_offsets once each")
      }
    }
    guard let type, let shape, let offsets else {
      throw wrong("an entry without dtype, shape or data_offsets", "all three")
    }
    guard offsets.count == 2, offsets[0] <= offsets[1] else {
      throw wrong("data_offsets \(offsets)", "[begin, end] in ascending order")
    }
    return Entry(name: name, type: type, shape: shape, begin: offsets[0], end: offsets[1])
  }
}

/// Reads the few forms of JSON that a safetensors header has: objects, strings, arrays of non-negative integers. There
/// is no recursion that the text could drive.
struct JSONReader: HeaderReader {
  static let spaces: [UInt8] = [0x20, 0x09, 0x0a, 0x0d]
  static let advice = "the file is corrupt; get it anew"
  let bytes: UnsafeRawBufferPointer
  let file: String
  let part: String
  var position = 0

  /// - Parameter part: what of the file the text is, for messages.
  init(bytes: UnsafeRawBufferPointer, file: String, part: String = "header") {
    self.bytes = bytes
    self.file = file
    self.part = part
  }

  /// Reads an object; `value` reads each key's value.
  mutating func object(_ value: (inout JSONReader, String) throws -> Void) throws {
    try expect("{")
    if accept("}") { return }
    repeat {
      let key = try string()
      try expect(":")
      try value(&self, key)
    } while accept(",")
    try expect("}")
  }

  /// Passes over a value of any kind, however it is nested.
  mutating func skipValue() throws {
    var closing: [UInt8] = []
    repeat {
      skipSpace()
      guard position < bytes.count else { throw error("a value") }
      switch bytes[position] {
      case UInt8(ascii: "\""): _ = try string()
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        guard closing.count < 64 else { throw error("values nested at most 64 deep") }
        // The closing bracket is two after the opening one.
        closing.append(bytes[position] + 2)
        position += 1
      case UInt8(ascii: ","), UInt8(ascii: ":"):
        guard !closing.isEmpty else { throw error("a value") }
        position += 1
      case let byte where byte == closing.last:
        closing.removeLast()
        position += 1
      default:
        let start = position
        while position < bytes.count, Self.isPartOfAWord(bytes[position]) { position += 1 }
        guard position > start else { throw error("a value") }
      }
    } while !closing.isEmpty
  }

  /// Of a number, `true`, `false` or `null`.
  private static func isPartOfAWord(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x61...0x7a).contains(byte | 0x20) || [0x2b, 0x2d, 0x2e].contains(byte)
  }

  mutating func integers(atMost limit: Int) throws -> [Int] {
    try expect("[")
    if accept("]") { return [] }
    var result: [Int] = []
    repeat {
      guard result.count < limit else { throw error("an array of at most \(limit) numbers") }
      result.append(try integer())
    } while accept(",")
    try expect("]")
    return result
  }

  private mutating func integer() throws -> Int {
    skipSpace()
    let start = position
    var value = 0
    while position < bytes.count, (0x30...0x39).contains(bytes[position]) {
      let (tens, overflow1) = value.multipliedReportingOverflow(by: 10)
      let (sum, overflow2) = tens.addingReportingOverflow(Int(bytes[position] - 0x30))
      guard !overflow1, !overflow2 else { throw error("a number below 2^63") }
      value = sum
      position += 1
    }
    guard position > start else { throw error("a whole number that is not negative") }
    if position < bytes.count, [0x2e, 0x65, 0x45].contains(bytes[position]) { throw error("a whole number") }
    return value
  }

  mutating func string() throws -> String {
    try expect("\"")
    var text: [UInt8] = []
    while true {
      guard position < bytes.count else { throw error("the end of a text") }
      let byte = bytes[position]
      if byte < 0x20 { throw error("no control character in a text") }
      position += 1
      if byte == UInt8(ascii: "\"") { break }
      guard byte == UInt8(ascii: "\\") else {
        text.append(byte)
        continue
      }
      text.append(contentsOf: Array(String(try escape()).utf8))
    }
    guard let result = String(validating: text, as: UTF8.self) else { throw error("UTF-8 text before here") }
    return result
  }

  private mutating func escape() throws -> UnicodeScalar {
    guard position < bytes.count else { throw error("an escaped character") }
    position += 1
    switch bytes[position - 1] {
    case UInt8(ascii: "\""): return "\""
    case UInt8(ascii: "\\"): return "\\"
    case UInt8(ascii: "/"): return "/"
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{c}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"):
      let first = try hexadecimal()
      if let scalar = UnicodeScalar(first) { return scalar }
      // A surrogate pair spells one character beyond U+FFFF.
      guard first < 0xdc00, position + 1 < bytes.count, bytes[position] == UInt8(ascii: "\\"),
        bytes[position + 1] == UInt8(ascii: "u")
      else { throw error("the second half of a surrogate pair") }
      position += 2
      let second = try hexadecimal()
      guard (0xdc00...0xdfff).contains(second),
        let scalar = UnicodeScalar(0x10000 + (first - 0xd800) << 10 + (second - 0xdc00))
      else { throw error("the second half of a surrogate pair before here") }
      return scalar
    default:
      position -= 1
      throw error("an escape of JSON")
    }
  }

  private mutating func hexadecimal() throws -> UInt32 {
    guard position + 4 <= bytes.count else { throw error("four hexadecimal digits") }
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard let digit = Character(UnicodeScalar(bytes[position])).hexDigitValue else {
        throw error("four hexadecimal digits")
      }
      value = value << 4 | UInt32(digit)
      position += 1
    }
    return value
  }
}
