import Foundation
import ModelFormats
import Tensors
import Testing

struct ElementTypeTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// All 65,536 half-precision numbers, against the definition of the format.
  @Test func everyHalf() throws {
    var bytes = Data()
    let header = #"{"h":{"dtype":"F16","shape":[65536],"data_offsets":[0,131072]}}"#
    withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { bytes.append(contentsOf: $0) }
    bytes.append(Data(header.utf8))
    for half in 0...UInt16.max { withUnsafeBytes(of: half.littleEndian) { bytes.append(contentsOf: $0) } }
    let values = try SafetensorsFile(path: folder.file(bytes)).tensor("h").rowMajorElements()
    for (half, value) in values.enumerated() {
      let sign: Float = half & 0x8000 == 0 ? 1 : -1
      let (exponent, fraction) = ((half >> 10) & 31, Float(half & 1023))
      switch exponent {
      case 31 where fraction != 0: #expect(value.isNaN)
      case 31: #expect(value == sign * .infinity)
      case 0: #expect(value == sign * fraction * 0x1p-24)
      default:
        #expect(value == sign * (1 + fraction / 1024) * Float(sign: .plus, exponent: exponent - 15, significand: 1))
      }
      #expect(value.isNaN || (value.sign == .minus) == (half & 0x8000 != 0))
    }
  }
}
