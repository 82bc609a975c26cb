import Figures
import FileSystem
import Foundation
import Heatmaps
import Testing

struct FigureWritingTests {
  private func figure() throws -> HeatmapFigure {
    HeatmapFigure(
      title: "A <cat> & \"gamma\" \u{3B3}", map: bumps(7, 7), colorMap: try ColorMap("bwr"),
      caption: ["model: efficientnet_lite0", "target: 285 Egyptian cat"])
  }

  @Test("PNG, SVG and PDF are written, each with its own beginning and the same size")
  func formats() throws {
    try withTemporaryFolder { folder in
      let figure = try figure()
      for format in FigureFormat.allCases {
        let path = folder.appendingPathComponent("figure." + format.rawValue).path
        try figure.write(to: path)
        let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        switch format {
        case .png: #expect(bytes.starts(with: [0x89, 0x50, 0x4E, 0x47]))
        case .svg: #expect(bytes.starts(with: Data("<?xml".utf8)))
        case .pdf:
          #expect(bytes.starts(with: Data("%PDF-1.".utf8)))
          #expect(bytes.suffix(16).contains(Data("%%EOF".utf8)))
        }
      }
      let picture = try rendered(figure)
      let svg = try #require(String(data: figure.encoded(as: .svg), encoding: .utf8))
      func points(_ pixels: Int) -> String { pixels % 2 == 0 ? "\(pixels / 2)pt" : "\(pixels / 2).5pt" }
      #expect(svg.contains("width=\"\(points(picture.width))\" height=\"\(points(picture.height))\""))
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).count == 3)
    }
  }

  @Test("An SVG's description has all texts, and it is well-formed")
  func descriptions() throws {
    let bytes = try figure().encoded(as: .svg)
    let svg = try #require(String(data: bytes, encoding: .utf8))
    #expect(svg.contains("<title>A &lt;cat&gt; &amp; \"gamma\" \u{3B3}</title>"))
    for text in ["relevance", "model: efficientnet_lite0", "target: 285 Egyptian cat", "colours end at percentile 99"] {
      #expect(svg.contains(text), "\(text)")
    }
    #expect(svg.contains("image-rendering:pixelated"))
    // Every tag that is opened is closed.
    let opened = svg.components(separatedBy: "<").filter { !$0.isEmpty && !"/?!".contains($0.prefix(1)) }.count
    let closed = svg.components(separatedBy: "</").count - 1 + svg.components(separatedBy: "/>").count - 1
    #expect(opened == closed)
  }

  @Test("Texts leave ink: there is a font, or cairo's own")
  func ink() throws {
    let picture = try rendered(figure())
    // The title is in the topmost 50 pixels, above the map.
    let dark = (0..<50).map { row in (0..<picture.width).filter { picture[$0, row]?.luma ?? 255 < 90 }.count }
    #expect(dark.reduce(0, +) > 300)
  }

  @Test("What cannot be written leaves nothing behind and nothing changed")
  func unwritable() throws {
    try withTemporaryFolder { folder in
      let figure = try figure()
      let missing = folder.path + "/no/such/folder/figure.png"
      #expect(throws: FileError.self) { try figure.write(to: missing) }
      #expect(throws: FigureError.unknownFormat(path: folder.path + "/figure.gif", found: "gif")) {
        try figure.write(to: folder.path + "/figure.gif")
      }
      let existing = folder.path + "/figure.pdf"
      try "mine".write(toFile: existing, atomically: true, encoding: .utf8)
      #expect(throws: FileError.alreadyExists(path: existing)) { try figure.write(to: existing, overwriting: false) }
      var empty = figure
      empty.panels = []
      #expect(throws: FigureError.self) { try empty.write(to: existing) }
      #expect(try String(contentsOfFile: existing, encoding: .utf8) == "mine")
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["figure.pdf"])
    }
  }
}
