import Figures
import Testing

struct FigureFormatTests {
  @Test(
    "The ending says what is written",
    arguments: [("a.png", FigureFormat.png), ("/x.y/b.SVG", .svg), ("c.d.Pdf", .pdf), (".pdf", .pdf)])
  func endings(_ path: String, _ format: FigureFormat) throws {
    #expect(try FigureFormat(path: path) == format)
  }

  @Test("Others are refused by name", arguments: ["", "a", "a.jpg", "folder.png/a", "a.png/", "a.", "a.png.gz"])
  func unknown(_ path: String) {
    let error = #expect(throws: FigureError.self) { try FigureFormat(path: path) }
    #expect(error?.description.contains(".png, .svg or .pdf") == true)
  }
}
