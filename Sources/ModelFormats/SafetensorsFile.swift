import FileSystem
import Foundation
import NeuralNetwork
import Tensors

/// A safetensors file, mapped into memory: named tensors that are read when they are asked for.
///
/// Opening checks the whole header against the file's size; nothing is allocated that the file does not hold.
/// Format: https://huggingface.co/docs/safetensors/index#format
public final class SafetensorsFile: ParameterFile {
  public let path: String
  /// All tensors, in the order of their data.
  public let entries: [ParameterEntry]
  /// Where the bytes of each are in the file.
  private let ranges: [Range<Int>]
  /// The texts under `__metadata__`.
  public let metadata: [String: String]
  private let file: MappedFile
  private let indices: [String: Int]

  /// - Throws: `FileError` if the file cannot be read, ``ModelFormatError`` if its header is not sound.
  public convenience init(path: String) throws { try self.init(MappedFile(path: path)) }

  init(_ file: MappedFile) throws {
    let path = file.path
    self.path = path
    self.file = file
    let headerLength = try Self.headerLength(of: file)
    let header = try SafetensorsHeader(file.slice(at: 8, byteCount: headerLength), file: path)
    metadata = header.metadata
    (entries, ranges) = try Self.checked(header.entries, path: path, start: 8 + headerLength, size: file.count)
    indices = Dictionary(uniqueKeysWithValues: entries.enumerated().map { ($1.name, $0) })
  }

  public func checkUnchanged() throws { try file.checkUnchanged() }

  private static func headerLength(of file: MappedFile) throws -> Int {
    func malformed(_ found: String, _ expected: String, _ advice: String) -> ModelFormatError {
      .malformed(file: file.path, found: found, expected: expected, advice: advice)
    }
    let whole = "get or copy the file anew"
    guard file.count >= 8 else { throw malformed("\(file.count) bytes", "a safetensors file of at least 10", whole) }
    if PyTorchFile.recognizes(file) {
      throw malformed(
        "a PyTorch (or zip) file", "safetensors", "convert it with safetensors.torch.save_file, or open it as one")
    }
    let length = UInt64(littleEndian: file.bytes.loadUnaligned(as: UInt64.self))
    guard length >= 2, length <= UInt64(SafetensorsHeader.largest) else {
      throw malformed(
        "a header length of \(length)", "2 to \(SafetensorsHeader.largest)", "this is probably no safetensors file")
    }
    guard Int(length) <= file.count - 8 else {
      throw malformed("a header of \(length) bytes in a file of \(file.count)", "a shorter one", whole)
    }
    guard file.bytes[8] == UInt8(ascii: "{") else {
      throw malformed("a header that does not begin with '{'", "JSON", "this is probably no safetensors file")
    }
    return Int(length)
  }

  /// Checks shapes against byte counts, and that the tensors tile the data exactly.
  private static func checked(
    _ entries: [SafetensorsHeader.Entry], path: String, start: Int, size: Int
  ) throws -> ([ParameterEntry], [Range<Int>]) {
    let advice = "the file is corrupt or truncated; get it anew"
    var position = 0
    var result: [ParameterEntry] = []
    var ranges: [Range<Int>] = []
    for entry in entries.sorted(by: { ($0.begin, $0.end) < ($1.begin, $1.end) }) {
      func wrong(_ found: String, _ expected: String) -> ModelFormatError {
        .tensor(file: path, name: entry.name, found: found, expected: expected, advice: advice)
      }
      guard let shape = Shape(checking: entry.shape) else {
        throw wrong("shape \(entry.shape)", "fewer than 2^63 elements")
      }
      let (byteCount, overflow) = shape.count.multipliedReportingOverflow(by: entry.type.byteCount)
      guard !overflow, byteCount == entry.end - entry.begin else {
        throw wrong(
          "\(entry.end - entry.begin) bytes for shape \(shape) of \(entry.type.rawValue)",
          overflow ? "fewer than 2^63" : "\(byteCount)")
      }
      guard entry.begin == position else {
        throw wrong(
          "data beginning at byte \(entry.begin)",
          "\(position), where the tensor before ends (no \(entry.begin < position ? "overlap" : "gap"))")
      }
      guard entry.end <= size - start else {
        throw wrong("data up to byte \(entry.end)", "at most \(size - start), the size of the data")
      }
      position = entry.end
      result.append(ParameterEntry(name: entry.name, type: entry.type, shape: shape))
      ranges.append(start + entry.begin..<start + entry.end)
    }
    guard position == size - start else {
      throw ModelFormatError.malformed(
        file: path, found: "\(size - start) bytes of data", expected: "\(position), as the header says", advice: advice)
    }
    return (result, ranges)
  }

  /// The tensor's entry, or `nil`.
  public func entry(_ name: String) -> ParameterEntry? { indices[name].map { entries[$0] } }

  /// The tensor called `name` as float32, row-major. F32 data are not copied: the result keeps the file mapped.
  /// - Throws: ``ModelFormatError/noSuchTensor(file:name:nearest:)``.
  public func tensor(_ name: String) throws -> Tensor {
    guard let index = indices[name] else { throw noSuchTensor(name) }
    let (entry, range) = (entries[index], ranges[index])
    let source = try file.slice(at: range.lowerBound, byteCount: range.count)
    if entry.type == .float32, let start = source.baseAddress,
      Int(bitPattern: start) % MemoryLayout<Float>.alignment == 0, 1.littleEndian == 1
    {
      return Tensor(entry.shape, borrowing: start.assumingMemoryBound(to: Float.self), owner: file)
    }
    var tensor = Tensor(uninitialized: entry.shape, layout: .rowMajor)
    tensor.withUnsafeMutableBufferPointer { target in
      entry.type.decode(source, bigEndian: 1.littleEndian != 1, into: target)
    }
    return tensor
  }
}

extension SafetensorsFile {
  /// Writes tensors as F32, row-major, under their names; the file appears whole or not at all.
  /// - Parameters:
  ///   - tensors: in the order in which they are to be stored; names must differ.
  ///   - metadata: texts for `__metadata__`.
  /// - Throws: `FileError`, or ``ModelFormatError`` for a name given twice.
  public static func write(
    _ tensors: [(name: String, tensor: Tensor)], metadata: [String: String] = [:], to path: String,
    overwriting: Bool = true
  ) throws {
    var names: Set = ["__metadata__"]
    var fields: [String] = []
    if !metadata.isEmpty {
      let texts = metadata.sorted { $0.key < $1.key }.map { "\(quoted($0.key)):\(quoted($0.value))" }
      fields.append("\"__metadata__\":{" + texts.joined(separator: ",") + "}")
    }
    var offset = 0
    for (name, tensor) in tensors {
      guard names.insert(name).inserted else {
        throw ModelFormatError.tensor(
          file: path, name: name, found: "the name twice", expected: "each name once", advice: "rename one")
      }
      let end = offset + 4 * tensor.count
      let shape = tensor.shape.dimensions.map(String.init).joined(separator: ",")
      fields.append("\(quoted(name)):{\"dtype\":\"F32\",\"shape\":[\(shape)],\"data_offsets\":[\(offset),\(end)]}")
      offset = end
    }
    var header = Data(("{" + fields.joined(separator: ",") + "}").utf8)
    // Spaces up to a multiple of 8 keep the data aligned.
    header.append(Data(repeating: 0x20, count: (8 - header.count % 8) % 8))
    try AtomicFile.write(to: path, overwriting: overwriting) { sink in
      try sink.append(withUnsafeBytes(of: UInt64(header.count).littleEndian) { Data($0) })
      try sink.append(header)
      for (_, tensor) in tensors {
        try tensor.converted(to: .rowMajor).withUnsafeBufferPointer { try sink.append(UnsafeRawBufferPointer($0)) }
      }
    }
  }

  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case _ where scalar.value < 0x20:
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
