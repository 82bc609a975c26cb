import FileSystem
import Foundation
import Tensors

/// numpy's file format for one array: versions 1 to 3, C and Fortran order, either byte order.
public enum NPYFile {
  /// Reads an array of real numbers as float32.
  /// - Parameter layout: the storage order of the result, channels-last for activations.
  /// - Throws: `FileError` if the file cannot be read, ``ModelFormatError`` if it is not sound. Nothing is allocated
  ///   before the shape has been checked against the file's size.
  public static func read(_ path: String, layout: Tensor.Layout = .channelsLast) throws -> Tensor {
    let file = try MappedFile(path: path)
    let (header, start) = try header(of: file)
    let expected = header.shape.count * header.type.byteCount
    guard file.count - start == expected else {
      throw ModelFormatError.malformed(
        file: path, found: "\(file.count - start) bytes of data",
        expected: "\(expected) for shape \(header.shape) of \(header.type.rawValue)",
        advice: "the file is truncated or holds more than one array; save the array anew")
    }
    let source = try file.slice(at: start, byteCount: expected)
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
    try file.checkUnchanged()
    return tensor
  }

  private static func header(of file: MappedFile) throws -> (NPYHeader, dataStart: Int) {
    func malformed(_ found: String, _ expected: String) -> ModelFormatError {
      .malformed(
        file: file.path, found: found, expected: expected, advice: "save the array anew with numpy.save(file, array)")
    }
    guard file.count >= 10, file.bytes.prefix(6).elementsEqual([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]) else {
      throw malformed("no NPY signature", "a file written by numpy.save")
    }
    let version = file.bytes[6]
    guard (1...3).contains(version) else { throw malformed("format version \(version)", "1, 2 or 3") }
    let prefix = version == 1 ? 10 : 12
    guard file.count >= prefix else { throw malformed("\(file.count) bytes", "a whole header") }
    let length =
      version == 1
      ? Int(UInt16(littleEndian: file.bytes.loadUnaligned(fromByteOffset: 8, as: UInt16.self)))
      : Int(UInt32(littleEndian: file.bytes.loadUnaligned(fromByteOffset: 8, as: UInt32.self)))
    guard length <= NPYHeader.largest else {
      throw malformed("a header of \(length) bytes", "at most \(NPYHeader.largest)")
    }
    guard length <= file.count - prefix else {
      throw malformed("a header of \(length) bytes in a file of \(file.count)", "a shorter one")
    }
    let text = Array(try file.slice(at: prefix, byteCount: length))
    return (try NPYHeader(text, file: file.path), prefix + length)
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
