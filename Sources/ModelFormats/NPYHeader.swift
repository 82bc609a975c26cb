import Tensors

/// The Python dictionary at the head of an NPY file: `{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }`.
///
/// Format: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
struct NPYHeader {
  var type: ElementType
  var isBigEndian: Bool
  var isFortranOrder: Bool
  var shape: Shape

  /// numpy itself refuses headers beyond 10,000 bytes unless told to trust the file.
  static let largest = 1 << 16

  init(_ text: [UInt8], file: String) throws {
    var reader = LiteralReader(text: text, file: file)
    var descriptor: String?
    var order: Bool?
    var extents: [Int]?
    try reader.expect("{")
    while !reader.accept("}") {
      let key = try reader.string()
      try reader.expect(":")
      switch key {
      case "descr" where descriptor == nil:
        if reader.accept("[") {
          throw ModelFormatError.malformed(
            file: file, found: "a structured array, with named fields", expected: "an array of numbers",
            advice: "save one of its fields: numpy.save(file, array['name'])")
        }
        descriptor = try reader.string(orElse: "a simple type such as '<f4'")
      case "fortran_order" where order == nil: order = try reader.boolean()
      case "shape" where extents == nil: extents = try reader.tuple()
      default: throw reader.error("the keys 'descr', 'fortran_order' and 'shape' once each, before here")
      }
      guard reader.accept(",") else {
        try reader.expect("}")
        break
      }
    }
    try reader.end()
    guard let descriptor, let order, let extents else {
      throw ModelFormatError.malformed(
        file: file, found: "a header without 'descr', 'fortran_order' or 'shape'", expected: "all three",
        advice: "save the array anew with numpy.save")
    }
    (type, isBigEndian) = try Self.type(descriptor, file: file)
    isFortranOrder = order
    guard let shape = Shape(checking: extents), !shape.count.multipliedReportingOverflow(by: type.byteCount).overflow
    else {
      throw ModelFormatError.malformed(
        file: file, found: "shape \(extents)", expected: "fewer than 2^63 bytes", advice: "the header is corrupt")
    }
    self.shape = shape
  }

  /// The spellings that numpy itself takes for a type: with or without the order of its bytes, a letter, or a name.
  private static let types: [String: ElementType] = [
    "f8": .float64, "f4": .float32, "f2": .float16, "i8": .int64, "i4": .int32, "i2": .int16, "i1": .int8,
    "u8": .uint64, "u4": .uint32, "u2": .uint16, "u1": .uint8, "b1": .boolean,
    "d": .float64, "f": .float32, "e": .float16, "q": .int64, "l": .int64, "i": .int32, "h": .int16, "b": .int8,
    "Q": .uint64, "L": .uint64, "I": .uint32, "H": .uint16, "B": .uint8, "?": .boolean,
    "float64": .float64, "double": .float64, "float": .float64, "float32": .float32, "single": .float32,
    "float16": .float16, "half": .float16, "int64": .int64, "int": .int64, "int32": .int32, "int16": .int16,
    "int8": .int8, "uint64": .uint64, "uint": .uint64, "uint32": .uint32, "uint16": .uint16, "uint8": .uint8,
    "bool": .boolean, "bool_": .boolean, "bool8": .boolean,
  ]

  private static func type(_ descriptor: String, file: String) throws -> (ElementType, Bool) {
    let order = descriptor.first.flatMap { "<>|=".contains($0) ? $0 : nil }
    if let type = types[String(order == nil ? descriptor[...] : descriptor.dropFirst())] {
      return (type, order == ">" || (![">", "<"].contains(order) && 1.littleEndian != 1))
    }
    let kind = descriptor.drop { "<>|=".contains($0) }
    let words =
      switch kind.first {
      case "c": "complex numbers"
      case "O": "Python objects"
      case "U", "S", "a": "texts"
      case "V": "raw bytes, as those of bfloat16 are"
      case "M", "m": "times"
      default: "elements of another kind"
      }
    throw ModelFormatError.malformed(
      file: file, found: "\(words) ('\(printable(descriptor))')", expected: "real numbers (float, int or bool)",
      advice: kind.first == "c" ? "save the real part or the magnitude" : "save with array.astype('float32')")
  }
}

/// Reads the few Python literals that an NPY header has.
struct LiteralReader: HeaderReader {
  static let spaces: [UInt8] = [0x20, 0x0a]
  static let advice = "save the array anew with numpy.save"
  let bytes: [UInt8]
  let file: String
  var position = 0

  init(text: [UInt8], file: String) {
    bytes = text
    self.file = file
  }

  mutating func string(orElse expected: String = "a text in quotes") throws -> String {
    skipSpace()
    guard position < bytes.count, bytes[position] == 0x27 || bytes[position] == 0x22 else { throw error(expected) }
    let start = position + 1
    guard let end = bytes[start...].firstIndex(of: bytes[position]),
      let result = String(validating: bytes[start..<end], as: UTF8.self)
    else { throw error("a text that ends") }
    position = end + 1
    return result
  }

  mutating func boolean() throws -> Bool {
    skipSpace()
    for (word, value) in [("True", true), ("False", false)] where bytes[position...].starts(with: word.utf8) {
      position += word.utf8.count
      return value
    }
    throw error("True or False")
  }

  mutating func tuple() throws -> [Int] {
    try expect("(")
    var result: [Int] = []
    while !accept(")") {
      guard result.count < 32 else { throw error("at most 32 axes") }
      result.append(try integer())
      guard accept(",") else {
        try expect(")")
        break
      }
    }
    return result
  }

  private mutating func integer() throws -> Int {
    skipSpace()
    let digits = bytes[position...].prefix { (0x30...0x39).contains($0) }
    guard let value = Int(String(decoding: digits, as: UTF8.self)) else {
      throw error("a whole number from 0 to 2^63 - 1")
    }
    position += digits.count
    // Python 2 wrote long integers as 3L.
    _ = accept("L")
    return value
  }
}
