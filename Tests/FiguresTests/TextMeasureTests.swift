import Figures
import Testing

struct TextMeasureTests {
  /// Ten pixels a character.
  private let measure = TextMeasure { text, _ in Double(text.count) * 10 }
  private let font = Font(size: 10)

  @Test("Lines break between words, and within long ones")
  func wrapping() {
    #expect(measure.wrapped("one two three", font, width: 80) == ["one two", "three"])
    #expect(measure.wrapped("", font, width: 80).isEmpty)
    #expect(measure.wrapped("a  b\nc\td", font, width: 200) == ["a b c d"])
    #expect(measure.wrapped("x abcdefghij y", font, width: 40) == ["x", "abcd", "efgh", "ij y"])
    #expect(measure.wrapped("abc", font, width: 5) == ["a", "b", "c"])
    let lines = measure.wrapped("one two three four five", font, width: 50, lines: 2)
    #expect(lines.count == 2)
    #expect(lines.allSatisfy { $0.count <= 5 })
    #expect(lines[1].contains("\u{2026}"))
  }

  @Test("Long names lose their middle")
  func shortening() {
    #expect(measure.shortened("blocks.0.conv", font, width: 130) == "blocks.0.conv")
    #expect(measure.shortened("features.12.denselayer3.conv2", font, width: 110) == "featu\u{2026}conv2")
    #expect(measure.shortened("abc", font, width: 0) == "\u{2026}")
  }

  @Test("Characters that are none become spaces, and texts end somewhere")
  func printable() {
    #expect(TextMeasure.printable("a\u{0}b\u{7}c\u{2028}d\u{1B}[0m") == "a b c d [0m")
    #expect(TextMeasure.printable("\u{3B3} = 0.25 \u{2212} \u{3A3}R") == "\u{3B3} = 0.25 \u{2212} \u{3A3}R")
    #expect(TextMeasure.printable(String(repeating: "x", count: 1_000_000)).count == 4000)
  }
}
