import TerminalUI
import Testing

struct ColorModeTests {
  @Test(
    arguments: [
      (0x000000, 16), (0xFFFFFF, 231), (0xFF0000, 196), (0x5F87AF, 67), (0x808080, 244), (0x121212, 233),
      (0xEEEEEE, 255), (0x00FF80, 48), (0x303030, 236),
    ] as [(UInt32, UInt8)])
  func nearestOf256(_ rgb: UInt32, _ index: UInt8) {
    #expect(ColorMode.indexed256.nearest(Color(rgb)) == .index(index))
  }

  /// The search by arithmetic agrees with trying all 240 colours.
  @Test func nearestOf256IsNeverBeaten() {
    let steps = [0, 95, 135, 175, 215, 255]
    var palette: [(UInt8, [Int])] = []
    for cube in 0..<216 {
      palette.append((UInt8(16 + cube), [steps[cube / 36], steps[cube / 6 % 6], steps[cube % 6]]))
    }
    for grey in 0..<24 { palette.append((UInt8(232 + grey), [Int](repeating: 8 + 10 * grey, count: 3))) }
    func distance(_ channels: [Int], _ color: Color) -> Int {
      zip(channels, [color.red, color.green, color.blue]).reduce(0) { $0 + ($1.0 - Int($1.1)) * ($1.0 - Int($1.1)) }
    }
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<500 {
      let color = Color(UInt32.random(in: 0...0xFFFFFF, using: &generator))
      guard case .index(let found) = ColorMode.indexed256.nearest(color) else {
        Issue.record("no index for \(color)")
        return
      }
      let best = palette.map { distance($0.1, color) }.min()
      let reached = palette.first { $0.0 == found }.map { distance($0.1, color) }
      #expect(reached == best, "\(color) became \(found)")
    }
  }

  @Test(
    arguments: [
      (0x000000, 0), (0xFFFFFF, 15), (0xFF0000, 9), (0xC01010, 1), (0x0000C0, 4), (0x808080, 8), (0x00FFFF, 14),
    ] as [(UInt32, UInt8)])
  func nearestOf16(_ rgb: UInt32, _ index: UInt8) {
    #expect(ColorMode.ansi16.nearest(Color(rgb)) == .index(index))
  }

  @Test func theEndsOfTheLadder() {
    #expect(ColorMode.trueColor.nearest(Color(0x000001)) == .rgb(1))
    #expect(ColorMode.monochrome.nearest(Color(0xFF0000)) == .default)
    for mode in ColorMode.allCases { #expect(mode.nearest(.default) == .default) }
    #expect(ColorMode.monochrome < .ansi16 && ColorMode.indexed256 < .trueColor)
  }

  @Test func selectionsSurviveWithoutColours() {
    let selection = Style(foreground: Color(0xFFFFFF), background: Color(0x0000FF), bold: true)
    #expect(ColorMode.monochrome.attributes(of: selection) == Style(bold: true, reverse: true))
    #expect(ColorMode.monochrome.attributes(of: selection.with(reverse: true)) == Style(bold: true))
    #expect(ColorMode.ansi16.attributes(of: selection) == selection)
  }

  @Test func asciiReplacements() {
    func ascii(_ text: String) -> String {
      text.map { GlyphSet.ascii.replacement(for: Glyph($0)).text }.joined()
    }
    #expect(ascii("┌─┐│├┤") == "+-+|++")
    #expect(ascii("█▌▁…→✓") == "#=_.>*")
    #expect(ascii("éÜñ") == "eUn")
    #expect(ascii("日") == "?")
    #expect(GlyphSet.ascii.replacement(for: .continuation) == .space)
    #expect(GlyphSet.unicode.replacement(for: Glyph("┌")) == Glyph("┌"))
    for value in UInt32(0x20)..<0x3000 {
      guard let scalar = Unicode.Scalar(value) else { continue }
      #expect(GlyphSet.ascii.replacement(for: Glyph(scalar: scalar)).scalar.isASCII)
    }
  }

  @Test func mixing() {
    #expect(Color(0x000000).mixed(with: Color(0xFFFFFF), fraction: 0.5) == Color(0x808080))
    #expect(Color(0x102030).mixed(with: Color(0xFFFFFF), fraction: -3) == Color(0x102030))
    #expect(Color(0x102030).mixed(with: .default, fraction: 0.7) == .default)
    #expect(Color(0x0000FF).description == "#0000ff" && Color.default.description == "default")
  }
}
