import TerminalUI
import Testing

struct ParagraphTests {
  private func wrapped(_ text: String, _ width: Int) -> [String] {
    Paragraph(text).wrapped(to: width).map(\.text)
  }

  @Test func wordsStayWhole() {
    #expect(wrapped("softmax eats the relevance", 12) == ["softmax eats", "the", "relevance"])
    #expect(wrapped("a\n\nb", 5) == ["a", "", "b"])
    #expect(wrapped("antidisestablishment", 8) == ["antidise", "stablish", "ment"])
    #expect(wrapped("日本語の文", 4) == ["日本", "語の", "文"])
    #expect(wrapped("日", 1) == ["日"])
    #expect(wrapped("abc", 0) == [""])
  }

  @Test func continuationLinesKeepTheIndentation() {
    #expect(wrapped("  one two three", 9) == ["  one two", "  three"])
  }

  @Test func stylesSurviveWrapping() {
    let bold = Style(bold: true)
    let lines = StyledText([.init("one "), .init("two three", bold)]).wrapped(to: 8)
    #expect(
      lines == [
        StyledText([.init("one "), .init("two", bold)]), StyledText([.init("three", bold)]),
      ])
  }

  @Test func theOffsetScrolls() {
    var buffer = CellBuffer(width: 5, height: 2)
    let count = Paragraph("1\n2\n3\n4", offset: 1).draw(into: &buffer, in: buffer.bounds)
    #expect(count == 4)
    #expect(buffer.plainText() == "2\n3\n")
  }
}
