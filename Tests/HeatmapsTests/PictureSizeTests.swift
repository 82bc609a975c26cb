import Heatmaps
import Testing

struct PictureSizeTests {
  @Test(
    "Pictures keep their proportions and fit",
    arguments: [
      // Picture, cells, then pixels of what is shown.
      (100, 100, 40, 20, 40, 40), (200, 100, 40, 20, 40, 20), (100, 200, 40, 20, 20, 40), (1000, 3, 40, 20, 40, 1),
      (10, 10, 40, 20, 10, 10), (451, 300, 76, 20, 60, 40),
    ])
  func size(_ width: Int, _ height: Int, _ columns: Int, _ rows: Int, _ newWidth: Int, _ newHeight: Int) throws {
    let size = try #require(Picture.fitting(width: width, height: height, columns: columns, rows: rows))
    #expect(size == (newWidth, newHeight))
  }

  @Test("Small pictures are enlarged only on demand; narrow cells are evened out; no room is no size")
  func fitting() throws {
    let large = try #require(Picture.fitting(width: 10, height: 10, columns: 40, rows: 20, enlarges: true))
    #expect(large == (40, 40))
    // Cells 2.5 times as high as wide: pixels are higher than wide, so a square has fewer of them down.
    let narrow = try #require(Picture.fitting(width: 100, height: 100, columns: 50, rows: 50, cellAspect: 2.5))
    #expect(narrow == (50, 40))
    #expect(Picture.fitting(width: 10, height: 10, columns: 0, rows: 4) == nil)
    #expect(Picture.fitting(width: 10, height: 10, columns: 4, rows: 4, cellAspect: .nan) == nil)
  }

  @Test("Pixels are averaged by area")
  func average() {
    let picture = Picture(width: 2, height: 2, rgb: [0, 0, 0, 255, 0, 0, 0, 255, 0, 0, 0, 255])
    #expect(picture.resampled(width: 1, height: 1).rgb == [64, 64, 64])
    #expect(picture.resampled(width: 2, height: 2) == picture)
    #expect(picture.resampled(width: 4, height: 2).rgb[..<6] == [0, 0, 0, 0, 0, 0])
  }
}
