import TerminalTesting
import TerminalUI
import Testing

/// Letters for a lecture room: which size is taken, how words wrap, and what the letters look like.
struct BigTextTests {
  private static let ascii = DisplayCapabilities(colorMode: .monochrome, glyphs: .ascii)

  private func drawn(_ text: BigText, width: Int, height: Int) -> CellBuffer {
    var buffer = CellBuffer(width: width, height: height)
    text.draw(into: &buffer, in: buffer.bounds)
    return buffer
  }

  @Test func aLetterIsFourRowsHigh() {
    let text = BigText("A", largest: .large)
    #expect(drawn(text, width: 6, height: 4).plainText() == "▄▀▀▀▄\n█▄▄▄█\n█   █\n▀   ▀\n")
    let narrow = BigText("A", largest: .narrow)
    #expect(drawn(narrow, width: 3, height: 4).plainText() == "▞▀▖\n▙▄▌\n▌ ▌\n▘ ▘\n")
    let hash = BigText("A", capabilities: Self.ascii, largest: .large)
    #expect(
      drawn(hash, width: 6, height: 8).plainText()
        == " ###\n#   #\n#   #\n#####\n#   #\n#   #\n#   #\n\n")
    let half = BigText("A", capabilities: Self.ascii, largest: .narrow)
    #expect(drawn(half, width: 6, height: 4).plainText() == "_\"\"\"_\n#___#\n#   #\n\"   \"\n")
  }

  @Test func theLargestSizeThatFitsIsTaken() {
    let text = BigText("What now?")
    #expect(text.fit(width: 200, height: 20).size == .huge)
    #expect(text.fit(width: 60, height: 8) == .init(size: .large, lines: ["What now?"], width: 53, height: 4))
    #expect(text.fit(width: 30, height: 8) == .init(size: .large, lines: ["What", "now?"], width: 23, height: 8))
    #expect(text.fit(width: 30, height: 4) == .init(size: .narrow, lines: ["What now?"], width: 27, height: 4))
    #expect(text.fit(width: 12, height: 8) == .init(size: .narrow, lines: ["What", "now?"], width: 12, height: 8))
    #expect(text.fit(width: 12, height: 7) == .init(size: .plain, lines: ["What now?"], width: 9, height: 1))
    #expect(text.fit(width: 4, height: 2) == .init(size: .plain, lines: ["What", "now?"], width: 4, height: 2))
    #expect(BigText("What now?", largest: .narrow).fit(width: 200, height: 20).size == .narrow)
    #expect(BigText("What now?", capabilities: Self.ascii).fit(width: 60, height: 4).size == .narrow)
    #expect(BigText("What now?", capabilities: Self.ascii, largest: .large).fit(width: 60, height: 8).height == 8)
  }

  @Test func nothingIsCutSilently() {
    let fit = BigText("far too many words here").fit(width: 8, height: 2)
    #expect(fit.isCut && fit.size == .plain && fit.lines.last?.hasSuffix("…") == true)
    #expect(!BigText("words").fit(width: 5, height: 1).isCut)
    #expect(BigText("").fit(width: 5, height: 1).height <= 1)
  }

  /// What has no letter of its own is written with a plain one, or in usual text.
  @Test func lettersThatAreMissing() {
    #expect(BigText("café – 5").fit(width: 80, height: 4).lines == ["cafe - 5"])
    #expect(BigText("ε γ → Σ").fit(width: 80, height: 4).lines == ["ε γ → Σ"])
    #expect(BigText("猫").fit(width: 80, height: 4).size == .plain)
    #expect(BigText("👩‍👩‍👧").fit(width: 80, height: 4).size == .plain)
  }

  @Test(arguments: [DisplayCapabilities.full, ascii], [BigText.Size.large, .narrow])
  func theAlphabet(_ capabilities: DisplayCapabilities, _ size: BigText.Size) throws {
    let all =
      (33..<127).compactMap { UnicodeScalar($0) }.map { String(Character($0)) } + "εγαβΣ→↵−·⁺ᴮ²↑↓±".map(String.init)
    let words = stride(from: 0, to: all.count, by: 12).map { all[$0..<min(all.count, $0 + 12)].joined() }
    let text = BigText(words.joined(separator: " "), capabilities: capabilities, largest: size)
    let fit = text.fit(width: 72, height: 80)
    #expect(fit.size == size)
    let name = "big-text-\(size)" + (capabilities == .full ? "" : "-ascii")
    try assertSnapshot(of: drawn(text, width: 72, height: fit.height), named: name)
  }

  @Test(arguments: 0..<8, 0..<10)
  func noSizeTraps(_ width: Int, _ height: Int) {
    let place = Rect(x: 1, y: 1, width: width, height: height)
    for capabilities in [DisplayCapabilities.full, Self.ascii] {
      for text in ["A", "go on", "", "猫 q", "\u{0}\u{7F}"] {
        var buffer = CellBuffer(width: width + 2, height: height + 2, fill: Cell("."))
        BigText(text, capabilities: capabilities).draw(into: &buffer, in: place)
        for x in 0..<buffer.width {
          for y in 0..<buffer.height where !place.contains(x: x, y: y) { #expect(buffer[x, y].text == ".") }
        }
      }
    }
  }
}
