import TerminalUI
import Testing

struct TextFieldTests {
  private func edited(_ text: String, _ keys: [Key]) -> TextField {
    var field = TextField(text)
    for key in keys { _ = field.handle(key) }
    return field
  }

  @Test(
    arguments: [
      ("gamma", [.character("!")], "gamma!", 6), ("gamma", [.home, .character("x")], "xgamma", 1),
      ("gamma", [.left, .left, .backspace], "gama", 2), ("gamma", [.control("a"), .delete], "amma", 0),
      ("gamma", [.home, .backspace, .left], "gamma", 0), ("gamma", [.right, .delete], "gamma", 5),
      ("one two  three", [.control("w")], "one two  ", 9), ("one two  ", [.control("w")], "one ", 4),
      ("one two", [.alt("b"), .control("k")], "one ", 4), ("one two", [.left, .left, .control("u")], "wo", 0),
      ("one two", [.home, .alt("f"), .character("-")], "one- two", 4),
      ("", [.control("w"), .control("k"), .delete], "", 0),
    ] as [(String, [Key], String, Int)])
  func editing(_ text: String, _ keys: [Key], _ expected: String, _ cursor: Int) {
    let field = edited(text, keys)
    #expect(field.text == expected)
    #expect(field.cursor == cursor)
  }

  @Test func keysOfTheOwnerAreNotConsumed() {
    var field = TextField("x")
    for key: Key in [.enter, .escape, .tab, .up, .down, .control("r"), .function(1)] {
      let isHandled = field.handle(key)
      #expect(!isHandled)
    }
    #expect(field == TextField("x"))
  }

  @Test func pastedControlCharactersDoNotGetIn() {
    var field = TextField("a")
    field.insert("b\nc\td\u{1B}[31me\r\n")
    #expect(field.text == "ab c d[31me ")
    #expect(field.cursor == field.characters.count)
  }

  @Test(arguments: [
    ("0.25", 8, "0.25    ", 4), ("0123456789", 6, "56789 ", 5), ("日本語", 4, " 語 ", 3),
  ])
  func theCursorStaysVisible(_ text: String, _ width: Int, _ shown: String, _ cursorColumn: Int) {
    var buffer = CellBuffer(width: width, height: 1)
    TextField(text).draw(into: &buffer, in: buffer.bounds)
    #expect(buffer.row(0).map(\.text).joined() == shown)
    #expect(buffer.row(0).enumerated().filter { $0.element.style.reverse }.map(\.offset) == [cursorColumn])
  }

  @Test func thePlaceholderShowsWhileEmpty() {
    var buffer = CellBuffer(width: 8, height: 1)
    TextField().draw(into: &buffer, in: buffer.bounds, isFocused: false, placeholder: "filter")
    #expect(buffer.plainText() == "filter\n")
    TextField().draw(into: &buffer, in: .zero, placeholder: "filter")
  }
}
