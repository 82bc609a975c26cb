import Foundation

/// Ways to damage any file.
enum Damage {
  /// A few changes that know nothing of the format; now and then only the beginning is left.
  static func bytes(_ whole: [UInt8], _ random: inout Random) -> [UInt8] {
    var bytes = whole
    if random.once(in: 8) { bytes.removeLast(bytes.count - random.below(bytes.count + 1)) }
    for _ in 0...random.below(4) {
      guard !bytes.isEmpty else { return bytes }
      let position = random.below(bytes.count)
      let end = min(bytes.count, position + 1 + random.below(16))
      switch random.below(8) {
      case 0: bytes[position] = UInt8(truncatingIfNeeded: random.next())
      case 1: bytes[position] ^= 1 << UInt8(random.below(8))
      case 2: bytes[position] = random.pick([0, 0x7f, 0x80, 0xff])
      case 3: bytes.removeSubrange(position..<end)
      case 4: bytes.insert(contentsOf: Array(bytes[position..<end]), at: random.below(bytes.count))
      case 5:
        write(random.number(near: bytes.count), byteCount: random.pick([2, 4, 8]), to: &bytes, at: position, &random)
      case 6: replaceDigits(in: &bytes, from: position, &random)
      default: bytes.swapAt(position, random.below(bytes.count))
      }
    }
    return bytes
  }

  /// A number of several bytes, in either order.
  static func write(
    _ number: Int, byteCount: Int, to bytes: inout [UInt8], at position: Int, _ random: inout Random
  ) {
    let isBig = random.once(in: 2)
    for index in 0..<byteCount where position + index < bytes.count {
      let place = isBig ? byteCount - 1 - index : index
      bytes[position + index] = UInt8(truncatingIfNeeded: number >> (8 * place))
    }
  }

  /// The next decimal number of a text becomes another.
  private static func replaceDigits(in bytes: inout [UInt8], from position: Int, _ random: inout Random) {
    let isDigit = { (byte: UInt8) in (0x30...0x39).contains(byte) }
    guard let start = bytes[position...].firstIndex(where: isDigit) else { return }
    let end = bytes[start...].firstIndex { !isDigit($0) } ?? bytes.count
    let old = Int(String(decoding: bytes[start..<end], as: UTF8.self)) ?? 1
    bytes.replaceSubrange(start..<end, with: Array("\(random.number(near: old))".utf8))
  }

  /// A text of which lines or words are exchanged, repeated, nested or left out.
  static func text(_ whole: String, words: [String], _ random: inout Random) -> String {
    if random.once(in: 4) { return String(decoding: bytes(Array(whole.utf8), &random), as: UTF8.self) }
    var lines = whole.components(separatedBy: "\n")
    for _ in 0...random.below(3) {
      let index = random.below(lines.count)
      switch random.below(7) {
      case 0: lines.insert(random.pick(lines), at: index)
      case 1: lines.remove(at: index)
      case 2: lines.swapAt(index, random.below(lines.count))
      case 3: lines[index] = String(repeating: " ", count: random.below(5)) + lines[index]
      default:
        // A part between separators becomes another, of the same file or not.
        var parts = lines[index].components(separatedBy: " ")
        let place = random.below(parts.count)
        let pool = random.pick(lines).components(separatedBy: " ")
        parts[place] = random.once(in: 2) ? random.pick(pool) : value(words, &random)
        lines[index] = parts.joined(separator: " ")
      }
      if lines.isEmpty { lines = [""] }
    }
    return lines.joined(separator: "\n")
  }

  /// Something to stand where a word should.
  private static func value(_ words: [String], _ random: inout Random) -> String {
    switch random.below(8) {
    case 0: return "\(random.number())"
    case 1: return random.pick(["1e400", "-1e-400", "nan", "inf", "0x10", "1_000", "1e", "--1", ".", "+.5"])
    case 2:
      return random.pick([
        "[]", "{}", "~", "''", "\"", "&a", "*a", "!!int 3", "? x", "- -", "{a: [b", "\t", "%", "|", ">",
      ])
    case 3:
      let depth = 1 + random.below(3000)
      return String(repeating: random.pick(["[", "{a: ", "- ", "("]), count: depth)
    case 4: return String(repeating: random.pick(["a", "é", "\u{1F600}", "\u{0}", "x,"]), count: random.below(5000))
    default: return random.pick(words.isEmpty ? ["x"] : words)
    }
  }
}
