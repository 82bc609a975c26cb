import Foundation
import ModelFormats
import ModelZoo
import Tensors
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
    #expect(model.card.defaultCanonizers == ["auto"])
    #expect(model.weights == .file(fixture(name)))
    let picture = [UInt8](repeating: 100, count: 3 * 20 * 30)
    let input = try model.card.preprocessing.tensor(rgb: picture, width: 20, height: 30)
    #expect(try model.network.forward(input)[model.network.output].shape == [1, 3])
  }

  /// Pictures with channels last: the model takes them as all others do.
  @Test func channelsLast() throws {
    let model = try ModelZoo.load(fixture("channels_last"))
    #expect(model.card.inputShape == [3, 14, 14] && model.card.guesses["layout"] == "NHWC")
    let results = try SafetensorsFile(
      path: URL(fileURLWithPath: fixture("results")).deletingPathExtension().path + ".safetensors")
    let pictures = try results.tensor("channels_last.input").rowMajorElements()
    let planes = (0..<3).flatMap { channel in (0..<196).map { pictures[$0 * 3 + channel] } }
    let input = Tensor([1, 3, 14, 14], rowMajor: planes).converted(to: .channelsLast)
    let found = try model.network.forward(input)[model.network.output].rowMajorElements()
    #expect(relativeError(found, try results.tensor("channels_last.output").rowMajorElements()) < 1e-5)
  }

  @Test func whatDoesNotFitIsSaid() {
    #expect(throws: ModelZooError.self) { try ModelZoo.load(fixture("torch_old"), weights: "w.pth") }
    #expect(throws: ModelZooError.self) { try ModelZoo.load(fixture("torch_old"), classes: 7) }
    // Not pictures.
    #expect(throws: ModelZooError.self) { try ModelZoo.load(fixture("gemm")) }
  }
}
