import Heatmaps
import Testing

/// A library compiles maps when asked for them; sources may be set and removed.
struct ColorMapLibraryTests {
  private static let library = ColorMapLibrary(sources: ["gray": "000,fff", "red": "100,f00"])

  @Test("A name that is not there is an error that lists those that are")
  func missing() {
    #expect(throws: HeatmapError.unknownColorMap(name: "no such map", known: ["gray", "red"])) {
      try Self.library.colorMap(named: "no such map")
    }
  }

  @Test("An entry gives the map of its source")
  func getItemUncompiled() throws { #expect(try Self.library.colorMap(named: "red").source == "100,f00") }

  @Test("A map is named in one's own library, else its text is a source")
  func namesInAnOwnLibrary() throws {
    var library = ColorMapLibrary()
    library[name: "mine"] = "fff,00f"
    #expect(try ColorMap("mine", in: library).source == "fff,00f")
    #expect(try ColorMap("hot", in: library) == ColorMap("hot"))
    #expect(try ColorMap("000,123456", in: library).source == "000,123456")
    // A name wins over a source, and a library has the names it was given only.
    #expect(try ColorMap("000,fff", in: ColorMapLibrary(sources: ["000,fff": "f00,0f0"])).source == "f00,0f0")
    let error = #expect(throws: HeatmapError.self) { try ColorMap("hot", in: Self.library) }
    #expect(error?.description.contains("one of the names gray, red") == true)
  }

  @Test("Asked twice, it gives equal maps")
  func getItemCached() throws {
    #expect(try Self.library.colorMap(named: "red") == Self.library.colorMap(named: "red"))
  }

  @Test("An entry that is there can be given another source")
  func setItemExisting() throws {
    var library = Self.library
    library[name: "red"] = "fff,f00"
    #expect(try library.colorMap(named: "red").source == "fff,f00")
    #expect(Self.library[name: "red"] == "100,f00")
  }

  @Test("A new entry can be added")
  func setItemNew() throws {
    var library = Self.library
    library[name: "blue"] = "fff,00f"
    #expect(try library.colorMap(named: "blue").source == "fff,00f")
  }

  @Test("A new source counts also after the old one was compiled; the map made from it stays")
  func setItemCompiled() throws {
    var library = Self.library
    let original = try library.colorMap(named: "red")
    library[name: "red"] = "fff,f00"
    #expect(try library.colorMap(named: "red").source == "fff,f00")
    #expect(original.source == "100,f00")
  }

  @Test("An entry can be removed")
  func delItemUncompiled() {
    var library = Self.library
    library[name: "red"] = nil
    #expect(!library.names.contains("red"))
  }

  @Test("An entry can be removed after it was compiled")
  func delItemCompiled() throws {
    var library = Self.library
    _ = try library.colorMap(named: "red")
    library[name: "red"] = nil
    #expect(library.names == ["gray"])
    #expect(throws: HeatmapError.self) { try library.colorMap(named: "red") }
  }

  @Test("Names are listed")
  func iter() { #expect(Self.library.names == ["gray", "red"]) }

  @Test("There are as many names as sources")
  func len() { #expect(Self.library.names.count == 2) }
}
