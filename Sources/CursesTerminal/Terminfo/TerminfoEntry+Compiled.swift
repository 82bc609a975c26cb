extension TerminfoEntry {
  /// The entry in the compiled format with 32-bit numbers (term(5), ncurses 6.1 and later).
  ///
  /// Layout: a header of six 16-bit words (magic 01036, then sizes), the names, one byte per boolean, 32-bit numbers,
  /// 16-bit offsets of the strings, the strings; then the same once more for extended capabilities, whose names stand
  /// after their values in the string table. Everything is little-endian, parts start at even offsets.
  package func compiled(aliases: String) -> [UInt8] {
    var bytes = CompiledBytes()
    let names = Array("\(name)|\(aliases)".utf8) + [0]
    let values = TerminfoEntry.stringNames.map { strings[$0] }
    let table = StringTable(values)
    bytes.words([
      0o1036, names.count, TerminfoEntry.booleanNames.count, TerminfoEntry.numberNames.count, values.count,
      table.bytes.count,
    ])
    bytes.append(names)
    bytes.append(TerminfoEntry.booleanNames.map { booleans.contains($0) ? 1 : 0 })
    bytes.alignToWord()
    for name in TerminfoEntry.numberNames { bytes.number(numbers[name] ?? -1) }
    bytes.words(table.offsets)
    bytes.append(table.bytes)
    bytes.alignToWord()
    appendExtended(to: &bytes)
    return bytes.bytes
  }

  private func appendExtended(to bytes: inout CompiledBytes) {
    let booleanNames = extendedBooleans.sorted()
    let stringNames = extendedStrings.keys.sorted()
    let values = StringTable(stringNames.map { extendedStrings[$0] })
    // The offsets of names count from the end of the values.
    let names = StringTable((booleanNames + stringNames).map { Array($0.utf8) })
    bytes.words([
      booleanNames.count, 0, stringNames.count, values.offsets.count + names.offsets.count,
      values.bytes.count + names.bytes.count,
    ])
    bytes.append(booleanNames.map { _ in 1 })
    bytes.alignToWord()
    bytes.words(values.offsets)
    bytes.words(names.offsets)
    bytes.append(values.bytes)
    bytes.append(names.bytes)
  }
}

/// Zero-terminated strings one after the other, and where each begins; 0xFFFF for an absent one.
private struct StringTable {
  var bytes: [UInt8] = []
  var offsets: [Int] = []

  init(_ strings: [[UInt8]?]) {
    for string in strings {
      guard let string else {
        offsets.append(0xFFFF)
        continue
      }
      offsets.append(bytes.count)
      bytes += string + [0]
    }
  }
}

private struct CompiledBytes {
  private(set) var bytes: [UInt8] = []

  mutating func append(_ more: [UInt8]) { bytes += more }

  mutating func words(_ values: [Int]) {
    for value in values { bytes += [UInt8(truncatingIfNeeded: value), UInt8(truncatingIfNeeded: value >> 8)] }
  }

  mutating func number(_ value: Int32) {
    words([Int(value), Int(value >> 16)])
  }

  mutating func alignToWord() {
    if !bytes.count.isMultiple(of: 2) { bytes.append(0) }
  }
}
