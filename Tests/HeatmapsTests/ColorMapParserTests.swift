import Heatmaps
import Testing

struct ColorMapParserTests {
  struct Mistake: Sendable, CustomTestStringConvertible {
    let source: String
    let column: Int
    let found: String
    let expected: String
    var testDescription: String { source }
  }

  static let mistakes = [
    Mistake(source: "", column: 1, found: "no colour", expected: "at least two"),
    Mistake(source: "fff", column: 4, found: "one colour", expected: "at least two"),
    Mistake(source: "fff;000", column: 4, found: "\";\"", expected: "\",\" or the end"),
    Mistake(source: "fff, xyz", column: 6, found: "\"x\"", expected: "a colour (3 or 6"),
    Mistake(source: "ff,00", column: 3, found: "\",\"", expected: "\":\" and a colour behind the index \"ff\""),
    Mistake(
      source: "000,8:,fff", column: 7, found: "\",\"", expected: "a colour (3 or 6 hexadecimal digits) for the index"),
    Mistake(source: "000,8:", column: 7, found: "the end", expected: "for the index \"8\""),
    Mistake(source: "ffff,000", column: 4, found: "\"f\"", expected: "\",\" or the end"),
    Mistake(source: "80:fff,70:000", column: 8, found: "index 70", expected: "one not below 80"),
    Mistake(source: "000,\u{1F600}", column: 5, found: "\"\u{1F600}\"", expected: "a colour"),
  ]

  @Test("A mistake is reported with its column, what is there and what should be", arguments: mistakes)
  func position(_ mistake: Mistake) throws {
    let error = #expect(throws: HeatmapError.self) { try ColorMap(source: mistake.source) }
    guard case .colorMapSource(let source, let column, let found, let expected) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(source == mistake.source)
    #expect(column == mistake.column)
    #expect(found == mistake.found)
    #expect(expected.contains(mistake.expected), "\(expected)")
  }

  @Test("A misspelt name is answered with the names there are")
  func misspelt() {
    let error = #expect(throws: HeatmapError.self) { try ColorMap("seismik") }
    #expect(error?.description.contains("seismic") == true)
    #expect(error?.description.contains("column 1") == true)
  }

  @Test("A library holds the built-in maps and takes others")
  func library() throws {
    var library = ColorMapLibrary()
    #expect(library.names == BuiltInColorMaps.names.sorted())
    library[name: "mine"] = "000,0f0"
    #expect(try library.colorMap(named: "mine").table[255] == RGB(0, 255, 0))
    library[name: "mine"] = "nonsense"
    #expect(throws: HeatmapError.self) { try library.colorMap(named: "mine") }
    library[name: "mine"] = nil
    #expect(throws: HeatmapError.unknownColorMap(name: "mine", known: library.names)) {
      try library.colorMap(named: "mine")
    }
  }
}
