import TerminalUI
import Testing

struct HalfBlockImageTests {
  private let pixels = [0xFF0000, 0x00FF00, 0x0000FF, 0x000000, 0xFFFFFF, 0x808080].map { Color($0) }
  private let values: [Float] = [-1, 0.3, 0.1, -0.02, 1, .nan]

  private func drawn(_ image: HalfBlockImage, _ capabilities: DisplayCapabilities) -> CellBuffer {
    var buffer = CellBuffer(width: 3, height: 2)
    image.draw(into: &buffer, in: buffer.bounds, capabilities: capabilities)
    return buffer
  }

  @Test func twoPixelsToACell() {
    let buffer = drawn(HalfBlockImage(width: 2, height: 3, pixels: pixels, values: values), .full)
    #expect(buffer.plainText() == "▀▀\n▀▀\n")
    #expect(buffer[0, 0].style == Style(foreground: pixels[0], background: pixels[2]))
    #expect(buffer[1, 0].style == Style(foreground: pixels[1], background: pixels[3]))
    #expect(buffer[0, 1].style == Style(foreground: pixels[4]), "there is no pixel below")
    #expect(buffer[2, 0] == .blank)
  }

  @Test func withoutUnicodeACellIsOnePatch() {
    let image = HalfBlockImage(width: 2, height: 2, pixels: pixels)
    let buffer = drawn(image, DisplayCapabilities(colorMode: .ansi16, glyphs: .ascii))
    #expect(buffer.plainText() == "\n\n")
    #expect(buffer[0, 0].style == Style(background: Color(0x800080)))
  }

  @Test func withoutColoursTheSignShows() {
    let image = HalfBlockImage(width: 2, height: 3, pixels: pixels, values: values)
    let unicode = drawn(image, DisplayCapabilities(colorMode: .monochrome, glyphs: .unicode))
    #expect(unicode.plainText() == "≡░\n█\n")
    let ascii = drawn(image, DisplayCapabilities(colorMode: .monochrome, glyphs: .ascii))
    #expect(ascii.plainText() == "%+\n@\n")
  }

  @Test func aPhotographBecomesBrightness() {
    let image = HalfBlockImage(width: 2, height: 2, pixels: [.white, .black, .white, .black])
    let buffer = drawn(image, DisplayCapabilities(colorMode: .monochrome, glyphs: .ascii))
    #expect(buffer.plainText() == "@\n\n")
  }

  @Test func missingPixelsAndSizesDoNotTrap() {
    for (width, height) in [(3, 4), (0, 5), (-1, 2), (5, 0), (1000, 1)] {
      for capabilities in [DisplayCapabilities.full, .init(colorMode: .monochrome, glyphs: .ascii)] {
        _ = drawn(HalfBlockImage(width: width, height: height, pixels: pixels, values: values), capabilities)
      }
    }
    let image = HalfBlockImage(width: 3, height: 4, pixels: pixels)
    #expect(drawn(image, .full)[0, 1].style == Style())
  }

  @Test func rampsGrowWithTheMagnitude() {
    let levels = [-1, -0.7, -0.5, -0.3, -0.05, 0, 0.05, 0.3, 0.5, 0.7, 1, .nan, 5].map {
      SignRamp.ascii.character(for: $0)
    }
    #expect(String(levels) == "%=~-   +*#@ @")
  }
}
