import Foundation
import Heatmaps

extension HostileFormat {
  private struct Examples: Decodable {
    struct Example: Decodable {
      let name: String
      let file: String
    }
    let pictures: [Example]
  }

  /// Small pictures of every kind, their sizes changed with checksums that are right.
  static func pictures() throws -> [HostileFormat] {
    let json = Data(try file("Tests/HeatmapsTests/Fixtures/pictures.json"))
    let examples = try JSONDecoder().decode(Examples.self, from: json).pictures
    return try ["png", "jpeg", "webp"].map { kind in
      var whole = examples.filter { $0.name.hasPrefix(kind) }.compactMap {
        Data(base64Encoded: $0.file).map { Array($0) }
      }
      if kind != "jpeg" { whole.append(try file("Tests/HeatmapsTests/Fixtures/exif.\(kind)")) }
      // A picture takes what its header says, of which the limits allow so much here: four bytes per pixel while it is
      // decoded, three when it is done, and as much again to be turned upright.
      let limits = PictureLimits(side: 2048, pixels: 1 << 20)
      return HostileFormat(
        name: kind, fileName: "it." + kind, allowance: usualAllowance,
        damaged: { random in
          let bytes = random.pick(whole)
          return random.once(in: 2) ? Damage.bytes(bytes, &random) : structure(kind, bytes, &random)
        },
        read: { path in
          let picture = try Picture(contentsOfFile: path, limits: limits)
          guard picture.rgb.count == 3 * picture.width * picture.height else {
            throw Surprise("a picture of another size")
          }
          return true
        },
        damagedAgain: { bytes, random in structure(kind, bytes, &random) })
    }
  }

  // MARK: Structure

  private static func structure(_ kind: String, _ bytes: [UInt8], _ random: inout Random) -> [UInt8] {
    switch kind {
    case "png": png(bytes, &random)
    case "jpeg": jpeg(bytes, &random)
    default: webp(bytes, &random)
    }
  }

  /// Chunks with other contents, lengths and orders, but checksums that are right.
  private static func png(_ bytes: [UInt8], _ random: inout Random) -> [UInt8] {
    var chunks: [(kind: [UInt8], data: [UInt8])] = []
    var position = 8
    while position + 12 <= bytes.count {
      let length = bytes[position..<position + 4].reduce(0) { $0 << 8 | Int($1) }
      let end = min(bytes.count, position + 8 + length)
      chunks.append((Array(bytes[position + 4..<position + 8]), Array(bytes[position + 8..<end])))
      position = end + 4
    }
    for _ in 0...random.below(3) {
      guard !chunks.isEmpty else { break }
      let index = random.once(in: 2) ? 0 : random.below(chunks.count)
      switch random.below(6) {
      case 0, 1:
        if chunks[index].kind == Array("IHDR".utf8), chunks[index].data.count == 13 {
          let place = random.pick([0, 4, 0, 4, 8, 9, 10, 11, 12])
          if place < 8 {
            let side = random.once(in: 2) ? 1 + random.below(3000) : random.number(near: 5)
            for byte in 0..<4 { chunks[index].data[place + byte] = UInt8(truncatingIfNeeded: side >> (24 - 8 * byte)) }
          } else {
            chunks[index].data[place] = UInt8(random.below(18))
          }
        }
      case 2: chunks[index].data = Damage.bytes(chunks[index].data, &random)
      case 3: chunks.insert(random.pick(chunks), at: index)
      case 4: chunks.swapAt(index, random.below(chunks.count))
      default:
        chunks[index].kind = Array(
          random.pick(["IHDR", "IDAT", "PLTE", "tRNS", "gAMA", "iCCP", "zTXt", "IEND", "sBIT", "eXIf"]).utf8)
      }
    }
    return bytes.prefix(8)
      + chunks.flatMap { chunk -> [UInt8] in
        let body = chunk.kind + chunk.data
        return big(chunk.data.count) + body + big(Int(checksum(body)))
      }
  }

  private static func big(_ value: Int) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * $0)) } }

  /// CRC-32 as PNG has it.
  private static func checksum(_ bytes: [UInt8]) -> UInt32 {
    var crc = UInt32.max
    for byte in bytes {
      crc ^= UInt32(byte)
      for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
    }
    return ~crc
  }

  /// Segments changed, repeated and with other lengths; the frame's size more often.
  private static func jpeg(_ bytes: [UInt8], _ random: inout Random) -> [UInt8] {
    var bytes = bytes
    for _ in 0...random.below(3) {
      let markers = bytes.indices.dropLast(12).filter {
        bytes[$0] == 0xFF && bytes[$0 + 1] >= 0xC0 && bytes[$0 + 1] < 0xFF
      }
      guard !markers.isEmpty else { break }
      let frame = markers.first {
        (0xC0...0xCF).contains(bytes[$0 + 1]) && ![0xC4, 0xC8, 0xCC].contains(bytes[$0 + 1])
      }
      if let frame, random.once(in: 2) {
        let place = frame + random.pick([5, 7])
        let side = random.once(in: 2) ? 1 + random.below(2100) : random.number(near: 9)
        (bytes[place], bytes[place + 1]) = (UInt8(truncatingIfNeeded: side >> 8), UInt8(truncatingIfNeeded: side))
        if random.once(in: 3) { bytes[frame + 9] = UInt8(random.below(6)) }
      } else {
        let marker = random.pick(markers)
        switch random.below(4) {
        case 0: bytes[marker + 1] = UInt8(0xC0 + random.below(63))
        case 1: Damage.write(random.number(near: 16), byteCount: 2, to: &bytes, at: marker + 2, &random)
        case 2: bytes[marker + 4 + random.below(8)] = UInt8(random.below(256))
        default: bytes.insert(contentsOf: Array(bytes[marker..<min(bytes.count, marker + 40)]), at: marker)
        }
      }
    }
    return bytes
  }

  private static func webp(_ bytes: [UInt8], _ random: inout Random) -> [UInt8] {
    var bytes = bytes
    for _ in 0...random.below(4) where bytes.count > 40 {
      switch random.below(4) {
      // The sizes of the RIFF chunk and of the first one inside, then the picture's head.
      case 0:
        Damage.write(random.number(near: bytes.count), byteCount: 4, to: &bytes, at: random.pick([4, 16]), &random)
      case 1:
        bytes.replaceSubrange(12..<16, with: Array(random.pick(["VP8 ", "VP8L", "VP8X", "ALPH", "ANIM", "EXIF"]).utf8))
      default: bytes[20 + random.below(14)] = UInt8(random.below(256))
      }
    }
    return bytes
  }
}
