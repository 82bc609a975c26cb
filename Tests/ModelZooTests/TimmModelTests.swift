import Foundation
import ModelFormats
import ModelZoo
import Tensors
import Testing

/// timm's names of pretrained networks. The facts are `timm.get_pretrained_cfg(name)` of timm 1.0.31; the side that
/// pictures are resized to is `floor(side / crop_pct)`, as in `timm.data.create_transform`.
struct TimmModelTests {
  @Test(
    arguments: [
      ("resnet50.a1_in1k", 224, 235, .bicubic, 0.485), ("resnet50.tv_in1k", 224, 256, .bilinear, 0.485),
      ("resnet18.a3_in1k", 160, 168, .bicubic, 0.485), ("resnet50.a1h_in1k", 176, 195, .bicubic, 0.485),
      ("timm/resnet34.ra4_e3600_r224_in1k", 224, 248, .bicubic, 0.5),
      ("hf_hub:timm/resnet18.tv_in1k", 224, 256, .bilinear, 0.485),
    ] as [(String, Int, Int, ResizeFilter, Float)])
  func cards(_ name: String, _ side: Int, _ resize: Int, _ filter: ResizeFilter, _ mean: Float) throws {
    let card = try ModelZoo.load(name).card
    #expect(card.inputShape == [3, side, side] && card.classes == 1000 && card.hasLabels)
    let preprocessing = card.preprocessing
    #expect(preprocessing.resize == resize && preprocessing.crop == side && preprocessing.filter == filter)
    #expect(preprocessing.mean.first == mean && preprocessing.deviation.first == (mean == 0.5 ? 0.5 : 0.229))
    let plain = name.components(separatedBy: "/").last ?? ""
    #expect(card.architecture == plain)
    let base = try ModelZoo.load(String(plain.prefix { $0 != "." })).card
    #expect(card.defaultComposite == base.defaultComposite && card.defaultCanonizers == base.defaultCanonizers)
  }

  @Test func unknownTagsAreCorrected() {
    let error = #expect(throws: ModelZooError.self) { try ModelZoo.load("resnet50.a1_in22k") }
    #expect(error?.description.contains("did you mean 'resnet50.a1_in1k'? (known: resnet50.a1_in1k, ") == true)
  }

  /// A card may say what it is as well.
  @Test func cardsWithTimmsNames() throws {
    let folder = try TemporaryFolder()
    try Data("version: 1\narchitecture: resnet18.a1_in1k\n".utf8).write(
      to: URL(fileURLWithPath: folder.path + "/mine.yaml"))
    #expect(try ModelZoo.load(folder.path + "/mine.yaml").card.preprocessing.resize == 235)
  }

  /// Files with timm's names and shapes, all of whose numbers are 0: holes that take no space.
  @Test(arguments: ["vgg11_bn", "convnext_tiny", "resnet18"]) func timmsParameters(_ model: String) throws {
    let data = try Data(contentsOf: URL(fileURLWithPath: root + "/Tests/Fixtures/checkpoints/timm.json"))
    let shapes = try #require(try JSONDecoder().decode([String: [String: [Int]]].self, from: data)[model])
    var offset = 0
    let fields = shapes.sorted { $0.key < $1.key }.map { name, shape in
      let end = offset + 4 * shape.reduce(1, *)
      defer { offset = end }
      return "\"\(name)\":{\"dtype\":\"F32\",\"shape\":\(shape),\"data_offsets\":[\(offset),\(end)]}"
    }
    let header = Data("{\(fields.joined(separator: ","))}".utf8)
    let folder = try TemporaryFolder()
    let path = folder.path + "/model.safetensors"
    try (withUnsafeBytes(of: UInt64(header.count).littleEndian) { Data($0) } + header).write(
      to: URL(fileURLWithPath: path))
    #expect(truncate(path, 8 + header.count + offset) == 0)
    let loaded = try ModelZoo.load(model, weights: path)
    #expect(loaded.card.classes == 1000 && loaded.notes.isEmpty)
  }
}
