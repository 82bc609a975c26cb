import ProgramFiles
import Testing

/// What stands above edits that are kept for the case of a crash.
struct UnsavedHeadingTests {
  @Test(arguments: [
    UnsavedHeading(label: "Gamma 0.5 → 3 layers", title: "epsilon_plus", edits: 3),
    UnsavedHeading(label: "a: b: c", title: "# x", edits: 0),
  ])
  func readsBack(heading: UnsavedHeading) {
    #expect(UnsavedHeading(of: heading.text + "version: 1\n") == heading)
  }

  /// Files may be called like that; in a YAML file some of these end the comment, and others are not allowed at all.
  @Test(arguments: ["a\nversion: 2", "a\rb", "a\u{2028}b", "a\u{85}b", "a\u{1B}[2Jb", "a\u{0}b"])
  func namesStayInTheirLine(name: String) {
    let text = UnsavedHeading(label: "x", title: name, edits: 1).text
    let lines = text.split { $0.isNewline }
    #expect(lines.count == 3 && lines.allSatisfy { $0.hasPrefix("# ") })
    #expect(text.unicodeScalars.allSatisfy { $0 == "\n" || $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value) })
  }

  /// Escapes are longer than what they stand for.
  @Test(arguments: ["\u{0}", "a\u{7F}", "é ", "x"]) func longNamesReadBackAsTheyWereCut(part: String) {
    let text = "# label: \(String(repeating: part, count: 500))\n# title: t\n# edits: 2\n"
    let heading = UnsavedHeading(of: text)
    #expect(heading.label.unicodeScalars.count <= 200 && !heading.label.isEmpty)
    #expect(UnsavedHeading(of: heading.text) == heading)
  }

  /// Edits are counted on from what is read.
  @Test(arguments: [
    ("9223372036854775807", 1_000_000), ("-9223372036854775808", 0), ("99999999999999999999", 1), ("x", 1), ("3", 3),
  ])
  func countsAreBounded(text: String, expected: Int) {
    let heading = UnsavedHeading(of: "# edits: \(text)\nversion: 1\n")
    #expect(heading == UnsavedHeading(label: "restored", title: "restored", edits: expected))
  }
}
