import Foundation
import ModelFormats
import ModelZoo
import Testing

struct ONNXModelTests {
  private func fixture(_ name: String) -> String {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Fixtures/formats/onnx/\(name).onnx").path
  }

  @Test(arguments: ["torch_old", "torch_new"])
  func aPathOpensAModel(_ name: String) throws {
    let model = try ModelZoo.load(fixture(name))
    #expect(model.card.inputShape == [3, 14, 14] && model.card.classes == 3)
    #expect(model.card.defaultCanonizers == ["ResNetCanonizer"])
    #expect(model.weights == .file(fixture(name)))
    let picture = [UInt8](repeating: 100, count: 3 * 20 * 30)
    let input = try model.card.preprocessing.tensor(rgb: picture, width: 20, height: 30)
    #expect(try model.network.forward(input)[model.network.output].shape == [1, 3])
  }

  @Test func whatDoesNotFitIsSaid() {
    #expect(throws: ModelZooError.self) { try ModelZoo.load(fixture("torch_old"), weights: "w.pth") }
    #expect(throws: ModelZooError.self) { try ModelZoo.load(fixture("torch_old"), classes: 7) }
    // Not pictures.
    #expect(throws: ModelZooError.self) { try ModelZoo.load(fixture("gemm")) }
  }
}
