import FileSystem
import Foundation
import ONNXProto
import Tensors

/// Reads the tensors of a model: inside the messages, or in files beside the model.
struct ONNXTensorReader {
  let path: String
  /// Files of external data that are open.
  private var files: [String: MappedFile] = [:]

  var budget: ONNXBudget

  init(path: String, budget: ONNXBudget) {
    self.path = path
    self.budget = budget
  }

  /// Takes bytes from what opening the model may take.
  mutating func spend(_ bytes: Int) throws { try budget.spend(bytes) }

  mutating func constant(_ proto: Onnx_TensorProto) throws -> ONNXConstant {
    let name = proto.name
    func wrong(_ found: String, _ expected: String, _ advice: String? = nil) -> ModelFormatError {
      .tensor(
        file: path, name: name, found: found, expected: expected,
        advice: advice ?? "the file is truncated or corrupt; export it anew")
    }
    guard let type = Self.type(proto.dataType) else {
      throw ModelFormatError.unsupported(
        file: path,
        problem:
          "its tensor '\(printable(name))' holds \(Self.kind(proto.dataType)), and lrp reads real numbers of 8 to 64 bits",
        advice: proto.dataType == 8
          ? "export the network without what works on texts" : "export it in float32, as it was before it was quantized"
      )
    }
    let extents = proto.dims.map { Int($0) }
    guard extents.count <= 32, let shape = Shape(checking: extents),
      !shape.count.multipliedReportingOverflow(by: type.byteCount).overflow
    else {
      throw wrong("shape \(extents.prefix(32))", "fewer than 2^63 bytes")
    }
    guard !proto.hasSegment else {
      throw ModelFormatError.unsupported(
        file: path, problem: "its tensor '\(printable(name))' is stored in segments, which lrp does not put together",
        advice: "save the model with onnx.save, which stores tensors whole")
    }
    if proto.dataLocation == .external {
      return try external(proto, type, shape)
    }
    if !proto.rawData.isEmpty || shape.count == 0 {
      let byteCount = shape.count * type.byteCount
      guard proto.rawData.count == byteCount else {
        throw wrong("\(proto.rawData.count) bytes", "\(byteCount) for shape \(shape)")
      }
      if byteCount > 1 << 12, !Self.areExact(type, shape) { return ONNXConstant(shape, .raw(proto.rawData, type)) }
      try spend(8 * shape.count)
      return proto.rawData.withUnsafeBytes { Self.decode($0, type, shape) }
    }
    try spend(8 * max(proto.int64Data.count, proto.int32Data.count, proto.floatData.count, proto.doubleData.count))
    return try typed(proto, type, shape, wrong)
  }

  /// Numbers in the fields for their types.
  private func typed(
    _ proto: Onnx_TensorProto, _ type: ElementType, _ shape: Shape,
    _ wrong: (String, String, String?) -> ModelFormatError
  ) throws -> ONNXConstant {
    func check(_ count: Int) throws {
      guard count == shape.count else { throw wrong("\(count) numbers", "\(shape.count) for shape \(shape)", nil) }
    }
    switch type {
    case .float32:
      try check(proto.floatData.count)
      return ONNXConstant(Tensor(shape, rowMajor: proto.floatData, layout: .rowMajor))
    case .float64:
      try check(proto.doubleData.count)
      return ONNXConstant(Tensor(shape, rowMajor: proto.doubleData.map { Float($0) }, layout: .rowMajor))
    case .int64:
      try check(proto.int64Data.count)
      return ONNXConstant(integers: proto.int64Data.map { Int($0) }, shape: shape)
    case .uint64, .uint32:
      try check(proto.uint64Data.count)
      return ONNXConstant(integers: proto.uint64Data.map { Int(clamping: $0) }, shape: shape)
    case .float16, .bfloat16:
      try check(proto.int32Data.count)
      let bits = proto.int32Data.map { UInt16(truncatingIfNeeded: $0) }
      return bits.withUnsafeBytes { Self.decode($0, type, shape) }
    case .int32, .int16, .int8, .uint16, .uint8, .boolean:
      try check(proto.int32Data.count)
      return ONNXConstant(integers: proto.int32Data.map { Int($0) }, shape: shape)
    }
  }

  private static func decode(_ bytes: UnsafeRawBufferPointer, _ type: ElementType, _ shape: Shape) -> ONNXConstant {
    if areExact(type, shape) {
      let integers: [Int]
      switch type {
      case .int64:
        integers = (0..<shape.count).map {
          Int(Int64(littleEndian: bytes.loadUnaligned(fromByteOffset: 8 * $0, as: Int64.self)))
        }
      case .int32:
        integers = (0..<shape.count).map {
          Int(Int32(littleEndian: bytes.loadUnaligned(fromByteOffset: 4 * $0, as: Int32.self)))
        }
      default:
        integers = ONNXConstant.decoded(bytes, type, shape).rowMajorElements().map { Int($0) }
      }
      return ONNXConstant(integers: integers, shape: shape)
    }
    return ONNXConstant(ONNXConstant.decoded(bytes, type, shape))
  }

  /// Whether the numbers stay integers, which float32 does not hold exactly.
  private static func areExact(_ type: ElementType, _ shape: Shape) -> Bool {
    switch type {
    case .int64, .int32: shape.count <= ONNXConstant.mostIntegers
    // Weights are such, too, which stay as they are.
    case .int16, .int8, .uint16, .uint8, .boolean: shape.count <= 1 << 12
    default: false
    }
  }

  // MARK: External data

  private mutating func external(
    _ proto: Onnx_TensorProto, _ type: ElementType, _ shape: Shape
  ) throws -> ONNXConstant {
    var fields: [String: String] = [:]
    for entry in proto.externalData { fields[entry.key] = entry.value }
    func wrong(_ found: String, _ expected: String, _ advice: String) -> ModelFormatError {
      .tensor(file: path, name: proto.name, found: found, expected: expected, advice: advice)
    }
    let byteCount = shape.count * type.byteCount
    guard let location = fields["location"], let offset = Int(fields["offset"] ?? "0"), offset >= 0,
      fields["length"].map({ Int($0) == byteCount }) ?? true
    else {
      throw wrong(
        "external data without a location or of another length", "location, offset and \(byteCount) bytes",
        "export the model anew")
    }
    guard let resolved = Self.resolve(location, beside: path) else {
      throw wrong(
        "external data in '\(printable(location))'", "a file in the model's own folder",
        "put the file beside the model; paths out of its folder are not followed")
    }
    let file: MappedFile
    do {
      file = try openedFile(resolved)
    } catch FileError.notFound {
      throw wrong(
        "no file '\(printable(location))'", "the external data in the model's folder",
        "put it beside the model: such models are several files, all of which are needed")
    } catch let error as FileError {
      throw wrong("\(error)", "a file with external data", "get the model with all its files anew")
    }
    guard offset <= file.count, byteCount <= file.count - offset else {
      throw wrong(
        "external data of \(byteCount) bytes from byte \(offset) of '\(printable(location))', which has \(file.count)",
        "bytes that are in it", "one of the two is truncated, or they do not belong together: get both anew")
    }
    let bytes = try file.slice(at: offset, byteCount: byteCount)
    if type == .float32, let start = bytes.baseAddress, Int(bitPattern: start) % 4 == 0, 1.littleEndian == 1 {
      return ONNXConstant(Tensor(shape, borrowing: start.assumingMemoryBound(to: Float.self), owner: file))
    }
    try spend(8 * shape.count)
    return Self.decode(bytes, type, shape)
  }

  private mutating func openedFile(_ path: String) throws -> MappedFile {
    if let file = files[path] { return file }
    let file = try MappedFile(path: path)
    files[path] = file
    budget.add(fileSize: file.count)
    return file
  }

  /// The path of a file beside the model, or `nil` if it would lie elsewhere: absolute, with `..`, or by a link.
  private static func resolve(_ location: String, beside model: String) -> String? {
    let parts = location.split(separator: "/", omittingEmptySubsequences: false)
    guard !location.isEmpty, !location.hasPrefix("/"), !location.utf8.contains(0), !parts.contains("..") else {
      return nil
    }
    let folder = Folder.containing(model)
    guard let root = realPath(folder.isEmpty ? "." : folder) else { return nil }
    let joined = root + "/" + location
    // A file that is missing is reported by its name.
    guard let real = realPath(joined) else { return joined }
    return real.hasPrefix(root == "/" ? "/" : root + "/") ? real : nil
  }

  private static func realPath(_ path: String) -> String? {
    guard let buffer = realpath(path, nil) else { return nil }
    defer { free(buffer) }
    return String(cString: buffer)
  }

  private static func kind(_ number: Int32) -> String {
    switch number {
    case 8: "texts"
    case 14, 15: "complex numbers"
    case 17...20, 24: "numbers of 8 bits and a floating point"
    case 21, 22, 23: "numbers of 4 bits"
    default: "elements of the type \(number)"
    }
  }

  /// The numbers of `TensorProto.DataType`.
  private static func type(_ number: Int32) -> ElementType? {
    switch number {
    case 1: .float32
    case 2: .uint8
    case 3: .int8
    case 4: .uint16
    case 5: .int16
    case 6: .int32
    case 7: .int64
    case 9: .boolean
    case 10: .float16
    case 11: .float64
    case 12: .uint32
    case 13: .uint64
    case 16: .bfloat16
    default: nil
    }
  }
}
