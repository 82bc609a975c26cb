import Foundation
import Heatmaps
import ModelFormats
import ModelZoo
import Tensors
import Testing

struct PreprocessingTests {
  private func preprocessing(
    _ color: Preprocessing.Color, _ filter: ResizeFilter, _ resize: Int, _ crop: Int
  ) -> Preprocessing {
    let zeros = [Float](repeating: 0, count: color.channels)
    return Preprocessing(
      color: color, resize: resize, filter: filter, crop: crop, mean: zeros, deviation: zeros.map { _ in 1 / 255 })
  }

  /// Reductions and enlargements, wide and tall, odd rests: every byte as Pillow and torchvision make it.
  @Test func equalsPillow() throws {
    let file = try fixture("resizing")
    let cases = file.entries.map(\.name).filter { !$0.hasSuffix(".picture") }
    #expect(cases.count == 32)
    for name in cases {
      let parts = name.split(separator: ".").map { String($0) }
      let picture = try #require(file.entry(parts[0] + ".picture"))
      let color = try #require(Preprocessing.Color(rawValue: parts[1]))
      let filter = try #require(ResizeFilter(rawValue: parts[2]))
      let (resize, crop) = (try #require(Int(parts[3])), try #require(Int(parts[4])))
      let preprocessing = preprocessing(color, filter, resize, crop)
      let tensor = try preprocessing.tensor(
        rgb: file.bytes(picture.name), width: picture.shape[1], height: picture.shape[0])
      #expect(tensor.shape == [1, color.channels, crop, crop] && tensor.layout == .channelsLast)
      let found = tensor.withUnsafeBufferPointer { $0.map { UInt8($0.rounded()) } }
      let worst = zip(found, try file.bytes(name)).map { abs(Int($0) - Int($1)) }.max()
      #expect(worst == 0, "\(name)")
    }
  }

  @Test func chelseaAsTheModelSeesHer() throws {
    let picture = try Picture(contentsOfFile: root + "/assets/images/chelsea.png")
    let preprocessing = try ModelZoo.load("efficientnet_lite0").card.preprocessing
    let view = try preprocessing.view(rgb: picture.rgb, width: picture.width, height: picture.height)
    #expect(try view == fixture("embedded").bytes("efficientnet_lite0.view"))
  }

  @Test func normalisesEachChannel() throws {
    let preprocessing = Preprocessing(
      color: .rgb, resize: 1, filter: .bilinear, crop: 1, mean: [0.5, 0, 0.25], deviation: [0.5, 1, 0.25])
    let tensor = try preprocessing.tensor(rgb: [0, 51, 255], width: 1, height: 1)
    #expect(tensor.rowMajorElements() == [-1, 0.2, 3])
    #expect(preprocessing.low == [-1, 0, -1] && preprocessing.high == [1, 1, 3])
    let back = try #require(preprocessing.picture(of: tensor))
    #expect(back.rgb == [0, 51, 255] && back.width == 1 && back.height == 1)
    #expect(try preprocessing.view(rgb: [0, 51, 255], width: 1, height: 1) == [0, 51, 255])
  }

  @Test func showsAnyInput() throws {
    let preprocessing = preprocessing(.grey, .bilinear, 2, 2)
    let input = Tensor([1, 1, 2, 2], rowMajor: [-5, .nan, 1000, 100])
    #expect(preprocessing.picture(of: input)?.rgb == [0, 0, 0, 0, 0, 0, 255, 255, 255, 100, 100, 100])
    #expect(preprocessing.picture(of: Tensor([1, 3, 2, 2], filledWith: 0)) == nil)
    #expect(preprocessing.picture(of: Tensor([4], filledWith: 0)) == nil)
  }

  @Test func absurdProportionsCostNothing() throws {
    let pixels = [UInt8](repeating: 200, count: 3 * 100_000)
    let preprocessing = preprocessing(.rgb, .bicubic, 256, 224)
    let tall = try preprocessing.tensor(rgb: pixels, width: 1, height: 100_000)
    let wide = try preprocessing.tensor(rgb: pixels, width: 100_000, height: 1)
    for tensor in [tall, wide] { #expect(tensor.minimum() > 199.9 && tensor.maximum() < 200.1) }
  }

  @Test func refusesWhatIsNoPicture() {
    let preprocessing = preprocessing(.rgb, .bilinear, 8, 8)
    for (width, height, count) in [(0, 0, 0), (0, 5, 0), (-1, 3, 9), (2, 2, 11), (1 << 62, 1 << 62, 3)] {
      #expect(throws: ModelZooError.self) {
        try preprocessing.tensor(rgb: [UInt8](repeating: 0, count: count), width: width, height: height)
      }
    }
  }
}
