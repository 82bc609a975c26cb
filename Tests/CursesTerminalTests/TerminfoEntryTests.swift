import CursesTerminal
import Testing

/// Reads the compiled form of an entry back, by the layout of term(5).
private struct CompiledReader {
  let bytes: [UInt8]

  func word(_ offset: Int) -> Int { Int(bytes[offset]) | Int(bytes[offset + 1]) << 8 }
  var magic: Int { word(0) }
  var namesSize: Int { word(2) }
  var booleanCount: Int { word(4) }
  var numberCount: Int { word(6) }
  var stringCount: Int { word(8) }
  var tableSize: Int { word(10) }
  var names: String { String(decoding: bytes[12..<12 + namesSize - 1], as: UTF8.self) }
  private func even(_ offset: Int) -> Int { offset + offset % 2 }
  private var numbersStart: Int { even(12 + namesSize + booleanCount) }
  private var offsetsStart: Int { numbersStart + 4 * numberCount }
  private var tableStart: Int { offsetsStart + 2 * stringCount }
  private var extendedStart: Int { even(tableStart + tableSize) }

  func number(_ index: Int) -> Int {
    word(numbersStart + 4 * index) | word(numbersStart + 4 * index + 2) << 16
  }

  func string(_ index: Int) -> String? {
    let offset = word(offsetsStart + 2 * index)
    return offset == 0xFFFF ? nil : text(tableStart + offset)
  }

  private func text(_ start: Int) -> String {
    String(decoding: bytes[start...].prefix { $0 != 0 }, as: UTF8.self)
  }

  /// The names of the extended capabilities: booleans, then strings.
  var extendedNames: [String] {
    let (booleans, strings) = (word(extendedStart), word(extendedStart + 4))
    let offsets = extendedStart + 10 + booleans + (extendedStart + 10 + booleans) % 2
    let namesStart = offsets + 2 * (booleans + 2 * strings)
    let values = (0..<strings).map { word(offsets + 2 * $0) }
    let lastValue = values.max().map { text(namesStart + $0).utf8.count + $0 + 1 } ?? 0
    return (0..<booleans + strings).map { index in
      text(namesStart + lastValue + word(offsets + 2 * (strings + index)))
    }
  }

  var endOfExtended: Int { extendedStart + 10 + word(extendedStart + 8) }
  var extendedTableSize: Int { word(extendedStart + 8) }
}

@MainActor
struct TerminfoEntryTests {
  @Test(arguments: ["xterm-256color", "xterm", "screen", "tmux-256color", "linux", "vt100"])
  func theCloneKeepsEverythingButColours(_ name: String) throws {
    let entry = try #require(TerminfoEntry.installed(name), "terminfo has no \(name) (package ncurses-base)")
    let clone = entry.withDirectColors()
    let reader = CompiledReader(bytes: clone.compiled(aliases: "clone"))
    #expect(reader.magic == 0o1036)
    #expect(reader.names == "lrp-direct|clone")
    #expect(reader.booleanCount == TerminfoEntry.booleanNames.count)
    let colors = try #require(TerminfoEntry.numberNames.firstIndex(of: "colors"))
    let pairs = try #require(TerminfoEntry.numberNames.firstIndex(of: "pairs"))
    #expect(reader.number(colors) == 0x1000000)
    #expect(reader.number(pairs) == 0x40000)
    let changed: Set = ["setaf", "setab", "op", "setf", "setb", "initc", "initp", "oc", "scp"]
    for (index, capability) in TerminfoEntry.stringNames.enumerated() where !changed.contains(capability) {
      let expected = entry.strings[capability].map { String(decoding: $0, as: UTF8.self) }
      #expect(reader.string(index) == expected, "\(capability)")
    }
    #expect(reader.extendedNames.contains("RGB"))
    #expect(Set(reader.extendedNames) == clone.extendedBooleans.union(clone.extendedStrings.keys))
  }

  @Test func directColoursHaveNoPaletteBelowEight() throws {
    let entry = try #require(TerminfoEntry.installed("xterm-256color"))
    let setaf = try #require(entry.withDirectColors().strings["setaf"])
    let text = String(decoding: setaf, as: UTF8.self)
    #expect(text == "\u{1B}[38;2;%p1%{65536}%/%d;%p1%{256}%/%{255}%&%d;%p1%{255}%&%dm")
  }

  @Test func factsComeFromTheEntry() throws {
    #expect(TerminfoEntry.installed("no-such-terminal") == nil)
    let facts = try #require(TerminfoEntry.installed("xterm-256color")).facts
    #expect(facts == TerminalFacts(name: "xterm-256color", colors: 256))
  }
}
