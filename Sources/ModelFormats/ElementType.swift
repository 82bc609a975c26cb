import Tensors

/// The type of the numbers in a file.
public enum ElementType: String, CaseIterable, Sendable {
  case float64 = "F64"
  case float32 = "F32"
  case float16 = "F16"
  case bfloat16 = "BF16"
  case int64 = "I64"
  case int32 = "I32"
  case int16 = "I16"
  case int8 = "I8"
  case uint64 = "U64"
  case uint32 = "U32"
  case uint16 = "U16"
  case uint8 = "U8"
  case boolean = "BOOL"

  /// That of a number in ONNX's list of types; `nil` for text, complex numbers and those of less than eight bits.
  init?(onnx type: Int32) {
    switch type {
    case 1: self = .float32
    case 2: self = .uint8
    case 3: self = .int8
    case 4: self = .uint16
    case 5: self = .int16
    case 6: self = .int32
    case 7: self = .int64
    case 9: self = .boolean
    case 10: self = .float16
    case 11: self = .float64
    case 12: self = .uint32
    case 13: self = .uint64
    case 16: self = .bfloat16
    default: return nil
    }
  }

  /// Whether it has fractions.
  public var isFloating: Bool { [.float64, .float32, .float16, .bfloat16].contains(self) }

  /// Bytes of one number.
  public var byteCount: Int {
    switch self {
    case .float64, .int64, .uint64: 8
    case .float32, .int32, .uint32: 4
    case .float16, .bfloat16, .int16, .uint16: 2
    case .int8, .uint8, .boolean: 1
    }
  }

  /// Converts `target.count` numbers at `source` to float32, whatever their alignment.
  /// - Parameter stride: elements from one number to the next.
  /// - Precondition: `source` holds all of them.
  func decode(
    _ source: UnsafeRawBufferPointer, bigEndian: Bool, stride: Int = 1, into target: UnsafeMutableBufferPointer<Float>
  ) {
    guard let first = source.baseAddress, let output = target.baseAddress, !target.isEmpty else { return }
    precondition(stride >= 0 && source.count >= ((target.count - 1) * stride + 1) * byteCount)
    let (start, count) = (Source(pointer: first, stride: stride), target.count)
    let swap = bigEndian && byteCount > 1
    switch self {
    case .float32:
      convert(start, output, count, UInt32.self) { Float(bitPattern: swap ? $0.byteSwapped : $0) }
    case .float64:
      convert(start, output, count, UInt64.self) { Float(Double(bitPattern: swap ? $0.byteSwapped : $0)) }
    case .float16:
      convert(start, output, count, UInt16.self) { Self.float(half: swap ? $0.byteSwapped : $0) }
    case .bfloat16:
      convert(start, output, count, UInt16.self) { Float(bitPattern: UInt32(swap ? $0.byteSwapped : $0) << 16) }
    case .int64: convert(start, output, count, Int64.self) { Float(swap ? $0.byteSwapped : $0) }
    case .int32: convert(start, output, count, Int32.self) { Float(swap ? $0.byteSwapped : $0) }
    case .int16: convert(start, output, count, Int16.self) { Float(swap ? $0.byteSwapped : $0) }
    case .int8: convert(start, output, count, Int8.self) { Float($0) }
    case .uint64: convert(start, output, count, UInt64.self) { Float(swap ? $0.byteSwapped : $0) }
    case .uint32: convert(start, output, count, UInt32.self) { Float(swap ? $0.byteSwapped : $0) }
    case .uint16: convert(start, output, count, UInt16.self) { Float(swap ? $0.byteSwapped : $0) }
    case .uint8: convert(start, output, count, UInt8.self) { Float($0) }
    case .boolean: convert(start, output, count, UInt8.self) { $0 == 0 ? 0 : 1 }
    }
  }

  /// IEEE 754 binary16 to binary32, exact: the exponent's bias differs by 112, which a multiplication puts right for
  /// normal and subnormal numbers alike.
  @inline(__always)
  static func float(half: UInt16) -> Float {
    let magnitude = UInt32(half & 0x7fff) << 13
    let special = (half & 0x7c00) == 0x7c00
    let bits = special ? magnitude | 0x7f80_0000 : (Float(bitPattern: magnitude) * 0x1p112).bitPattern
    return Float(bitPattern: bits | UInt32(half & 0x8000) << 16)
  }
}

/// Where numbers are read: the first byte, and elements from one number to the next.
private struct Source: @unchecked Sendable {
  let pointer: UnsafeRawPointer
  let stride: Int
}

@inline(__always)
private func convert<Stored: BitwiseCopyable & Sendable>(
  _ source: Source, _ target: UnsafeMutablePointer<Float>, _ count: Int, _ type: Stored.Type,
  _ number: @Sendable (Stored) -> Float
) {
  let target = UncheckedMutablePointer(target)
  parallelFor(count) { range in
    let (bytes, output) = (source.pointer, target.pointer)
    let step = source.stride &* MemoryLayout<Stored>.size
    for index in range {
      output[index] = number(bytes.loadUnaligned(fromByteOffset: index &* step, as: Stored.self))
    }
  }
}
