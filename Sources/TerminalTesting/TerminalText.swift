/// The characters a program writes, without what moves and colours them.
struct TerminalText {
  private enum State { case text, escape, sequence, string, skip }
  private var state = State.text
  private var bytes: [UInt8] = []

  mutating func clear() { bytes.removeAll(keepingCapacity: true) }

  func contains(_ needle: String) -> Bool { String(decoding: bytes, as: UTF8.self).contains(needle) }

  var tail: String { String(String(decoding: bytes, as: UTF8.self).suffix(300)) }

  mutating func append(_ new: some Sequence<UInt8>) {
    for byte in new {
      switch (state, byte) {
      case (.text, 0x1B): state = .escape
      case (.text, 0x20...): bytes.append(byte)
      case (.text, _): break
      case (.escape, UInt8(ascii: "[")): state = .sequence
      case (.escape, UInt8(ascii: "]")), (.escape, UInt8(ascii: "P")): state = .string
      case (.escape, UInt8(ascii: "(")), (.escape, UInt8(ascii: ")")): state = .skip
      case (.escape, _), (.skip, _): state = .text
      case (.sequence, 0x40...0x7E): state = .text
      case (.sequence, _): break
      case (.string, 0x07): state = .text
      case (.string, 0x1B): state = .escape
      case (.string, _): break
      }
    }
  }
}
