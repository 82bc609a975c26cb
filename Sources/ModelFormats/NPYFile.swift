import FileSystem
import Foundation
import Tensors

/// numpy's file formats: for one array, versions 1 to 3, C and Fortran order, either byte order; and for archives of
/// arrays, stored or compressed.
public enum NPYFile {
  static let signature: [UInt8] = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]

  /// Reads an array of real numbers as float32.
  /// - Parameters:
  ///   - path: of a file as `numpy.save` writes it, or of one as `numpy.savez` does with one array in it. `a.npz:name` is
  ///     the array `name` of an archive with several.
  ///   - layout: the storage order of the result, channels-last for activations.
  /// - Throws: `FileError` if the file cannot be read, ``ModelFormatError`` if it is not sound. Nothing is allocated
  ///   before the shape has been checked against the file's size.
  public static func read(_ path: String, layout: Tensor.Layout = .channelsLast) throws -> Tensor {
    let (file, name) = try open(path)
    if NPZFile.recognizes(file) { return try NPZFile(file).array(name, layout: layout) }
    let tensor = try withExtendedLifetime(file) { try read(file.bytes, of: file.path, layout: layout) }
    try file.checkUnchanged()
    return tensor
  }

  /// Whether the file that a path of ``read(_:layout:)`` names holds arrays, by its first bytes.
  public static func recognizes(_ path: String) throws -> Bool {
    let (file, _) = try open(path)
    return withExtendedLifetime(file) { file.bytes.starts(with: signature) } || NPZFile.recognizes(file)
  }

  /// The file, and the array in it that the path names.
  private static func open(_ path: String) throws -> (MappedFile, array: String?) {
    do {
      return (try MappedFile(path: path), nil)
    } catch FileError.notFound {
      guard let end = path.range(of: ".npz:", options: .backwards) else { throw FileError.notFound(path: path) }
      return (try MappedFile(path: path[..<end.lowerBound] + ".npz"), String(path[end.upperBound...]))
    }
  }

  /// - Parameter name: what the bytes are called in messages.
  static func read(_ bytes: UnsafeRawBufferPointer, of name: String, layout: Tensor.Layout) throws -> Tensor {
    let (header, start) = try header(of: bytes, name: name)
    let expected = header.shape.count * header.type.byteCount
    guard bytes.count - start == expected else {
      throw ModelFormatError.malformed(
        file: name, found: "\(bytes.count - start) bytes of data",
        expected: "\(expected) for shape \(header.shape) of \(header.type.rawValue)",
        advice: "the file is truncated or holds more than one array; save the array anew")
    }
    let source = UnsafeRawBufferPointer(rebasing: bytes[start...])
    var tensor = Tensor(uninitialized: header.shape, layout: layout)
    guard header.shape.count > 0 else { return tensor }
    // Straight into the result's own order, because a copy in between may be eight times the file.
    let extents = header.shape.dimensions
    var strides = [Int](repeating: 1, count: extents.count)
    let fromFastest = header.isFortranOrder ? Array(extents.indices) : extents.indices.reversed()
    for (axis, next) in zip(fromFastest, fromFastest.dropFirst()) { strides[next] = strides[axis] * extents[axis] }
    var order = Array(extents.indices)
    if layout == .channelsLast, order.count > 2 { order.append(order.remove(at: 1)) }
    let axes = StridedAxes(shape: order.map { extents[$0] }, strides: order.map { strides[$0] })
    tensor.withUnsafeMutableBufferPointer {
      axes.read(source, as: header.type, bigEndian: header.isBigEndian, into: $0)
    }
    if header.type == .float64, !tensor.isFinite, let number = tooLarge(source, isBigEndian: header.isBigEndian) {
      throw ModelFormatError.malformed(
        file: name, found: "the number \(number)", expected: "numbers within float32's range, up to 3.4e38",
        advice: "scale the array before it is saved")
    }
    return tensor
  }

  /// The first double that is finite, but no float32.
  private static func tooLarge(_ source: UnsafeRawBufferPointer, isBigEndian: Bool) -> Double? {
    for offset in stride(from: 0, to: source.count, by: 8) {
      let bits = source.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
      let number = Double(bitPattern: isBigEndian ? bits.byteSwapped : bits)
      if number.isFinite, !Float(number).isFinite { return number }
    }
    return nil
  }

  static func header(of bytes: UnsafeRawBufferPointer, name: String) throws -> (NPYHeader, dataStart: Int) {
    func malformed(_ found: String, _ expected: String) -> ModelFormatError {
      .malformed(
        file: name, found: found, expected: expected, advice: "save the array anew with numpy.save(file, array)")
    }
    guard bytes.count >= 10, bytes.starts(with: signature) else {
      throw malformed("no NPY signature", "a file written by numpy.save")
    }
    let version = bytes[6]
    guard (1...3).contains(version) else { throw malformed("format version \(version)", "1, 2 or 3") }
    let prefix = version == 1 ? 10 : 12
    guard bytes.count >= prefix else { throw malformed("\(bytes.count) bytes", "a whole header") }
    let length =
      version == 1
      ? Int(UInt16(littleEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt16.self)))
      : Int(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt32.self)))
    guard length <= NPYHeader.largest else {
      throw malformed("a header of \(length) bytes", "at most \(NPYHeader.largest)")
    }
    guard length <= bytes.count - prefix else {
      throw malformed("a header of \(length) bytes in a file of \(bytes.count)", "a shorter one")
    }
    return (try NPYHeader(Array(bytes[prefix..<prefix + length]), file: name), prefix + length)
  }

  /// Writes an array as float32 in C order; the file appears whole or not at all.
  /// - Throws: `FileError`.
  public static func write(_ tensor: Tensor, to path: String, overwriting: Bool = true) throws {
    let extents = tensor.shape.dimensions
    let shape = extents.map(String.init).joined(separator: ", ") + (extents.count == 1 ? "," : "")
    var text = "{'descr': '<f4', 'fortran_order': False, 'shape': (\(shape)), }"
    // The data begin at a multiple of 64 bytes; the header ends with a line feed.
    text += String(repeating: " ", count: (64 - (10 + text.utf8.count + 1) % 64) % 64) + "\n"
    var header = Data([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0])
    header.append(withUnsafeBytes(of: UInt16(text.utf8.count).littleEndian) { Data($0) })
    header.append(Data(text.utf8))
    try AtomicFile.write(to: path, overwriting: overwriting) { sink in
      try sink.append(header)
      try tensor.converted(to: .rowMajor).withUnsafeBufferPointer { try sink.append(UnsafeRawBufferPointer($0)) }
    }
  }
}

extension Tensor {
  /// The transposed array: axes in the opposite order. Row-major in and out.
  func reversingAxes() -> Tensor {
    let extents = shape.dimensions
    if let value = unstoredElement { return .uniform(Shape(extents.reversed()), value, layout: .rowMajor) }
    var result = Tensor(uninitialized: Shape(extents.reversed()), layout: .rowMajor)
    // Strides of the source's axes, visited in the order of the result's.
    var strides = [Int](repeating: 1, count: extents.count)
    for axis in extents.indices.dropLast().reversed() { strides[axis] = strides[axis + 1] * extents[axis + 1] }
    withUnsafeBufferPointer { source in
      result.withUnsafeMutableBufferPointer { target in
        var position = [Int](repeating: 0, count: extents.count)
        var offset = 0
        for index in target.indices {
          target[index] = source[offset]
          // Advance like a counter whose fastest digit is the source's first axis.
          for axis in extents.indices {
            position[axis] += 1
            offset += strides[axis]
            if position[axis] < extents[axis] { break }
            offset -= strides[axis] * extents[axis]
            position[axis] = 0
          }
        }
      }
    }
    return result
  }
}
