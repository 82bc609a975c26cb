import FileSystem
import Foundation
import Heatmaps
import Tensors
import Testing

struct PNGEncoderTests {
  private static func bytes(_ count: Int, seed: UInt64) -> [UInt8] {
    var state = seed
    return (0..<count).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return UInt8(truncatingIfNeeded: state >> 33)
    }
  }

  @Test("What is written is read again", arguments: [(1, 1), (7, 5), (64, 3), (300, 200)])
  func roundTrip(_ width: Int, _ height: Int) throws {
    let palette = try ColorMap("coldnhot").table
    for pixels: RasterImage.Pixels in [
      .indexed(Self.bytes(width * height, seed: 1), palette: palette), .gray(Self.bytes(width * height, seed: 2)),
      .rgb(Self.bytes(3 * width * height, seed: 3)),
    ] {
      let image = RasterImage(width: width, height: height, pixels: pixels)
      let file = try PNGEncoder.encode(image)
      #expect(try Picture(decoding: file, name: "round trip") == image.picture)
      // The colour type in the header: palette 3, grey 0, colour 2.
      switch pixels {
      case .indexed: #expect(file[25] == 3)
      case .gray: #expect(file[25] == 0)
      case .rgb: #expect(file[25] == 2)
      }
      #expect(file[24] == 8)
    }
  }

  @Test("Pixels without end compress, noise does not, both fit")
  func sizes() throws {
    let flat = RasterImage(width: 2000, height: 1000, pixels: .gray([UInt8](repeating: 7, count: 2_000_000)))
    #expect(try PNGEncoder.encode(flat).count < 20_000)
    let noise = RasterImage(width: 500, height: 400, pixels: .rgb(Self.bytes(600_000, seed: 9)))
    #expect(try PNGEncoder.encode(noise).count > 600_000)
  }

  @Test("A picture without pixels cannot be written")
  func empty() {
    #expect(throws: HeatmapError.self) {
      try PNGEncoder.encode(RasterImage(width: 0, height: 4, pixels: .gray([])))
    }
  }

  @Test("A picture written and read again keeps its size; one channel has a palette", arguments: ImgifyTests.containers)
  func container(_ golden: ImgifyTests.Container) throws {
    let image = try golden.image(golden.isGrid ? .square : nil)
    let file = try PNGEncoder.encode(image)
    #expect(file[25] == (golden.channels == 1 ? 3 : 2))
    let picture = try Picture(decoding: file, name: "heatmap.png")
    #expect(picture.width == golden.width && picture.height == golden.height)
    #expect(picture == image.picture)
  }

  @Test("imsave writes the palette, and leaves existing files alone if told so")
  func imsaveFile() throws {
    try withTemporaryFolder { folder in
      let path = folder.appendingPathComponent("heatmap.png").path
      let map = Tensor([2, 2], rowMajor: [-1, 0, 0.5, 1])
      let options = ImageOptions(norm: .symmetric, colorMap: try ColorMap("bwr"))
      try imsave(map, to: path, options)
      let picture = try Picture(contentsOfFile: path)
      #expect(picture == (try imgify(map, options)).picture)
      #expect(picture[0, 0] == RGB(0, 0, 255))
      #expect(picture[1, 1] == RGB(255, 0, 0))
      #expect(throws: FileError.alreadyExists(path: path)) { try imsave(map, to: path, options, overwriting: false) }
      #expect(throws: FileError.self) { try imsave(map, to: folder.path + "/no/such/folder.png", options) }
    }
  }
}
