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

  struct Example: Sendable, CustomTestStringConvertible {
    let source: String
    /// Positions and colours, as 0x00RRGGBB.
    let nodes: [(position: Int, color: Int)]
    var testDescription: String { source }

    /// The channels at a position between two nodes.
    func color(at position: Int) -> [Double] {
      let next = nodes.firstIndex { $0.position >= position } ?? nodes.count - 1
      let previous = nodes[next].position == position ? next : max(0, next - 1)
      let width = Double(nodes[next].position - nodes[previous].position)
      let share = width == 0 ? 0 : Double(position - nodes[previous].position) / width
      return [16, 8, 0].map { shift in
        let (a, b) = (Double(nodes[previous].color >> shift & 255), Double(nodes[next].color >> shift & 255))
        return a + (b - a) * share
      }
    }
  }

  static let examples = [
    Example(source: "000,fff", nodes: [(0, 0), (255, 0xffffff)]),
    Example(source: "fff,f00", nodes: [(0, 0xffffff), (255, 0xff0000)]),
    Example(source: "fff,00f", nodes: [(0, 0xffffff), (255, 0x0000ff)]),
    Example(source: "000,f00,ff0,fff", nodes: [(0, 0), (0x55, 0xff0000), (0xaa, 0xffff00), (255, 0xffffff)]),
    Example(source: "000,00f,0ff", nodes: [(0, 0), (0x7f, 0x0000ff), (255, 0x00ffff)]),
    Example(
      source: "0ff,00f,80:000,f00,ff0,fff",
      nodes: [(0, 0x00ffff), (0x40, 0x0000ff), (0x80, 0), (0xaa, 0xff0000), (0xd4, 0xffff00), (255, 0xffffff)]),
    Example(source: "00f,80:fff,f00", nodes: [(0, 0x0000ff), (0x80, 0xffffff), (255, 0xff0000)]),
    Example(source: "0055a4,80:fff,ef4135", nodes: [(0, 0x0055a4), (0x80, 0xffffff), (255, 0xef4135)]),
    Example(source: "0000d0,80:d0d0d0,d00000", nodes: [(0, 0x0000d0), (0x80, 0xd0d0d0), (255, 0xd00000)]),
    Example(source: "00d0d0,80:d0d0d0,d000d0", nodes: [(0, 0x00d0d0), (0x80, 0xd0d0d0), (255, 0xd000d0)]),
    Example(source: "00d000,80:d0d0d0,d000d0", nodes: [(0, 0x00d000), (0x80, 0xd0d0d0), (255, 0xd000d0)]),
    Example(source: "7:000, 9:ffffff", nodes: [(0, 0), (0x77, 0), (0x99, 0xffffff), (255, 0xffffff)]),
  ]

  @Test("A map has at its nodes the colours of its source, and keeps the source", arguments: examples)
  func nodes(_ example: Example) throws {
    let map = try ColorMap(source: example.source)
    #expect(map.source == example.source)
    let palette = map.palette(level: 1)
    for node in example.nodes {
      let expected = RGB(UInt8(node.color >> 16), UInt8(node.color >> 8 & 255), UInt8(node.color & 255))
      #expect(palette[node.position] == expected)
      let called = map(Double(node.position) / 255)
      for (channel, value) in [expected.red, expected.green, expected.blue].enumerated() {
        #expect(abs(called[channel] * 255 - Double(value)) < 1e-9)
      }
    }
  }

  @Test("Between its nodes a map is linear", arguments: examples)
  func interpolated(_ example: Example) throws {
    let map = try ColorMap(source: example.source)
    let palette = map.palette(level: 1)
    for position in 0..<256 {
      let expected = example.color(at: position)
      let called = map(Double(position) / 255)
      for channel in 0..<3 { #expect(abs(called[channel] * 255 - expected[channel]) < 1e-9) }
      let bytes = expected.map { UInt8(($0 * 1e9).rounded() / 1e9) }
      #expect(palette[position] == RGB(bytes[0], bytes[1], bytes[2]))
    }
  }

  @Test(
    "Sources that are none are refused",
    arguments: [
      "this", "fff", ",,,", "111:111:111", "fffff,fffff", "f,f", "fffffffff", "ff:", "ff:fff,00:000",
    ])
  func syntax(_ source: String) {
    #expect(throws: HeatmapError.self) { try ColorMap(source: source) }
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
