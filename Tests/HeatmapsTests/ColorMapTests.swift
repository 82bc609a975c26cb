import Heatmaps
import Testing

struct ColorMapTests {
  struct Fixture: Decodable, Sendable {
    struct Palette: Decodable, Sendable, CustomTestStringConvertible {
      let name: String
      let source: String
      let level: Double
      let palette: Blob
      var testDescription: String { "\(name) at \(level)" }
    }
    struct Calls: Decodable, Sendable {
      struct Colors: Decodable, Sendable {
        let name: String
        let channels: [Double]
      }
      let values: [Double]
      let colors: [Colors]
    }
    let builtIn: [Palette]
    let sources: [Palette]
    let wrong: [String]
    let calls: Calls
  }

  static let fixture = Golden.load("colormaps.json", as: Fixture.self)

  @Test("Palettes of the built-in maps are the reference's, byte for byte", arguments: fixture.builtIn)
  func builtInPalette(_ expected: Fixture.Palette) throws {
    #expect(BuiltInColorMaps.source(of: expected.name) == expected.source)
    let palette = try ColorMap(expected.name).palette(level: expected.level)
    #expect(palette.flatMap { [$0.red, $0.green, $0.blue] } == expected.palette.bytes)
  }

  @Test("Palettes of other sources are the reference's, byte for byte", arguments: fixture.sources)
  func sourcePalette(_ expected: Fixture.Palette) throws {
    let palette = try ColorMap(source: expected.source).palette(level: expected.level)
    #expect(palette.flatMap { [$0.red, $0.green, $0.blue] } == expected.palette.bytes)
  }

  @Test("What the reference refuses is refused", arguments: fixture.wrong)
  func wrongSource(_ source: String) {
    #expect(throws: HeatmapError.self) { try ColorMap(source: source) }
    #expect(throws: HeatmapError.self) { try ColorMap(source) }
  }

  @Test("There are as many built-in maps as in the reference, each listed once")
  func builtInNames() {
    #expect(Set(BuiltInColorMaps.names) == Set(Self.fixture.builtIn.map(\.name)))
    #expect(BuiltInColorMaps.names.count == 11)
  }

  @Test("Calling a map gives the reference's colours, cut off outside 0…1")
  func call() throws {
    let calls = Self.fixture.calls
    for expected in calls.colors {
      let map = try ColorMap(expected.name)
      for (index, value) in calls.values.enumerated() {
        let color = map(value)
        for channel in 0..<3 { #expect(abs(color[channel] - expected.channels[3 * index + channel]) < 1e-15) }
      }
    }
    #expect(try ColorMap("hot")(.nan).x.isNaN)
  }

  @Test(
    "No level makes a palette fail", arguments: [Double.nan, .infinity, -.infinity, 1e308, -.leastNonzeroMagnitude])
  func strangeLevel(_ level: Double) throws {
    #expect(try ColorMap("coldnhot").palette(level: level).count == 256)
  }

  @Test("A diverging map has its middle where zero is, at entry 128")
  func middle() throws {
    for entry in BuiltInColorMaps.all where entry.isDiverging {
      let ends = try ColorMap(entry.name).palette(level: 0)
      let middle = try ColorMap(entry.name).table[127]
      #expect(Set(ends).count == 1)
      #expect(abs(Int(middle.red) - Int(ends[0].red)) <= 2)
    }
  }

  @Test("A bar runs from one end of the map to the other", arguments: [0, 1, 2, 10, 256, 1000])
  func bar(_ count: Int) throws {
    let map = try ColorMap("hot")
    let bar = map.bar(count: count)
    #expect(bar.count == count)
    if count > 1 {
      #expect(bar.first == map.table.first)
      #expect(bar.last == map.table.last)
    }
    if count == 256 { #expect(bar == map.table) }
    #expect(map.bar(count: -3).isEmpty)
  }
}
