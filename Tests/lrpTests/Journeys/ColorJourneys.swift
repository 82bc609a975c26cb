import Foundation
import TerminalTesting
import TerminalUI
import Testing

extension Journeys {
  /// From 24-bit colours down to a pipe.
  @Suite struct Colors {
    @Test func poorerTerminalsShowTheSamePictureWithTheirOwnColours() throws {
      let full = try #require(try Journey().waitForHeatmap().image)
      let indexed = try #require(try Journey(environment: ["LRP_COLORS": "256"]).waitForHeatmap().image)
      #expect(indexed.width == full.width && indexed.height == full.height)
      #expect(indexed.pixels == full.pixels.map { nearest($0, .indexed256) })

      let ansi = try #require(try Journey(environment: ["LRP_COLORS": "16"]).waitForHeatmap().image)
      #expect(ansi.pixels.allSatisfy { pixel in (0..<16).contains { pixel == .index($0) } })
      #expect(Set(ansi.pixels.map { "\($0)" }).count > 3)
    }

    /// GNU screen, as it calls itself; quiet text must not be black on black there, and what is selected be seen.
    @Test(arguments: ["screen", "xterm", "linux"]) func eightColoursKeepEverythingReadable(_ term: String) throws {
      let environment = [
        "TERM": term, "STY": "1.test", "TMUX": nil, "LRP_COLORS": nil, "COLORTERM": nil, "NO_COLOR": nil,
      ]
      let screen = try Journey(environment: environment).waitForHeatmap()
      let colors = (0..<8).map { TerminalColor.index($0) } + [.default]
      var invisible = ""
      for row in screen.rows {
        for cell in row {
          #expect(colors.contains(cell.foreground) && colors.contains(cell.background), "\(cell)")
          let ground = cell.background == .default ? .index(0) : cell.background
          if cell.text.contains(where: { $0.isLetter || $0.isNumber }), cell.foreground == ground, !cell.isReversed {
            invisible += cell.text
          }
        }
      }
      #expect(invisible.isEmpty, "\(invisible)")
      #expect(screen.contains("MaxPool 2×2") && screen.contains("filter"))
      // The selected row, and the title.
      let selected = try #require(screen.rows.first { $0.map(\.text).joined().contains("0 input") })
      #expect(selected.filter { $0.background == .index(4) }.count > 30)
    }

    private func nearest(_ color: TerminalColor, _ mode: ColorMode) -> TerminalColor {
      guard case .rgb(let value) = color else { return color }
      return mode.nearest(Color(value))
    }

    @Test(arguments: [["LRP_COLORS": "mono"], ["NO_COLOR": "1", "LRP_COLORS": nil]])
    func withoutColoursSignsShowTheRelevance(_ environment: [String: String?]) throws {
      let screen = try Journey(environment: environment).wait("the heatmap is there") {
        $0.line(0).contains(" ✓ ") && $0.text.contains("░░") && $0.text.contains("··")
      }
      #expect(screen.rows.joined().allSatisfy { $0.foreground == .default && $0.background == .default })
    }

    @Test func aLocaleWithoutUnicodeGetsOnlyASCII() throws {
      let journey = try Journey(environment: ["LC_ALL": "C"])
      let screen = try journey.wait("the frame is there") { $0.contains("Layers") && $0.contains("Sneaker") }
      #expect(screen.text.unicodeScalars.allSatisfy { $0.isASCII }, "\(screen.text)")
      try journey.press("q")
      #expect(try journey.waitForExit() == 0)
    }

    @Test func aDumbTerminalGetsOneFrameOfText() throws {
      let journey = try Journey(environment: ["TERM": "dumb", "LRP_COLORS": nil, "TMUX": nil])
      #expect(try journey.waitForExit() == 0)
      let text = try journey.terminal.history()
      #expect(text.contains("fashion_vgg") && text.contains("ledger  out") && text.contains("classifier.3"))
    }

    @Test func aPipeGetsOneFrameOfText() throws {
      let sandbox = try Sandbox()
      let result = try sandbox.run(["--model", "fashion_vgg"])
      #expect(result.status == 0)
      #expect(result.output.contains("7 Sneaker") && result.output.contains("relevance at input"))
      #expect(!result.output.contains("\u{1B}"))
    }
  }
}
