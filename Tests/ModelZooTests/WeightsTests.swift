import FileSystem
import Foundation
import ModelFormats
import ModelZoo
import NeuralNetwork
import Tensors
import Testing

/// What happens with weight files that are not what the model needs.
struct WeightsTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// The weights of `fashion_mlp`, changed and written to a file of their own.
  private func weights(_ change: (inout [(name: String, tensor: Tensor)]) -> Void = { _ in }) throws -> String {
    let file = try SafetensorsFile(path: root + "/assets/models/fashion_mlp.safetensors")
    var tensors = try file.entries.map { (name: $0.name, tensor: try file.tensor($0)) }
    change(&tensors)
    let path = folder.path + "/weights.safetensors"
    try SafetensorsFile.write(tensors, to: path)
    return path
  }

  private func message(_ path: String, model: String = "fashion_mlp", classes: Int? = nil) throws -> String {
    let error = try #require(throws: ModelZooError.self) {
      try ModelZoo.load(model, weights: path, classes: classes)
    }
    return error.description
  }

  @Test func soundWeights() throws {
    let path = try weights { $0.append((name: "bn1.num_batches_tracked", tensor: Tensor([], rowMajor: [3]))) }
    let model = try ModelZoo.load("fashion_mlp", weights: path)
    #expect(model.weights == .file(path) && model.card.classes == 10)
  }

  @Test func classesFollowTheWeights() throws {
    let path = try weights { tensors in
      tensors.removeAll { $0.name.hasPrefix("classifier.4") }
      tensors.append((name: "classifier.4.weight", tensor: Tensor([3, 128], filledWith: 0.5)))
      tensors.append((name: "classifier.4.bias", tensor: Tensor([3], filledWith: 0.5)))
    }
    let model = try ModelZoo.load("fashion_mlp", weights: path)
    #expect(model.card.labels == ["class 0", "class 1", "class 2"] && !model.card.hasLabels)
    #expect(try message(path, classes: 10).contains("'classifier.4.weight' has the shape (3, 128), where"))
    #expect(try message(path, classes: 10).contains("--classes 3"))
  }

  /// Random parameters of a small network of torchvision's, under the names and with the additions of `change`.
  private func zooWeights(
    _ model: String, _ change: (inout [(name: String, tensor: Tensor)]) -> Void
  ) throws -> String {
    let seeded = SeededParameters(seed: 5)
    var tensors = try ModelZoo.outline(model).parameters.map {
      (name: $0.key, tensor: seeded.uniform($0.key, $0.value))
    }
    change(&tensors)
    let path = folder.path + "/\(model).safetensors"
    try SafetensorsFile.write(tensors, to: path)
    return path
  }

  /// Evaluation does not run auxiliary heads: their parameters are passed over, and nothing else is.
  @Test(arguments: [("googlenet", "aux1.conv.conv.weight"), ("googlenet", "aux2.fc2.bias")])
  func auxiliaryHeadsArePassedOver(_ model: String, _ name: String) throws {
    let head = (name: name, tensor: Tensor([4], filledWith: 1))
    #expect(try ModelZoo.load(model, weights: zooWeights(model) { $0.append(head) }).card.classes == 1000)
    let other = try zooWeights(model) { $0.append((name: "auxiliary.bias", tensor: Tensor([4], filledWith: 1))) }
    #expect(try message(other, model: model).contains("has parameter 'auxiliary.bias', which googlenet does not have"))
  }

  /// DenseNets published before 2019 have dots in the names of modules.
  @Test func namesOfOldDenseNets() throws {
    let path = try zooWeights("densenet121") { tensors in
      for index in tensors.indices where tensors[index].name.contains("denselayer") {
        for old in ["norm", "conv"] {
          for number in 1...2 {
            tensors[index].name = tensors[index].name.replacing("\(old)\(number).", with: "\(old).\(number).")
          }
        }
      }
    }
    #expect(try ModelZoo.load("densenet121", weights: path).card.classes == 1000)
  }

  /// SqueezeNet's last layer is a convolution.
  @Test func classesFollowAConvolution() throws {
    let path = try zooWeights("squeezenet1_1") { tensors in
      tensors.removeAll { $0.name.hasPrefix("classifier.1.") }
      tensors.append((name: "classifier.1.weight", tensor: Tensor([7, 512, 1, 1], filledWith: 0.5)))
      tensors.append((name: "classifier.1.bias", tensor: Tensor([7], filledWith: 0.5)))
    }
    #expect(try ModelZoo.load("squeezenet1_1", weights: path).card.classes == 7)
  }

  @Test func missingExtraAndMisshapenParametersAreNamed() throws {
    let missing = try weights { $0.removeAll { $0.name == "classifier.2.bias" } }
    #expect(try message(missing).contains("lacks parameter 'classifier.2.bias' of fashion_mlp; give weights of"))
    let extra = try weights { $0.append((name: "classifier.5.bias", tensor: Tensor([1], rowMajor: [1]))) }
    #expect(try message(extra).contains("has parameter 'classifier.5.bias', which fashion_mlp does not have"))
    let misshapen = try weights { tensors in
      tensors.removeAll { $0.name == "classifier.0.weight" }
      tensors.append((name: "classifier.0.weight", tensor: Tensor([256, 700], filledWith: 0)))
    }
    #expect(try message(misshapen).contains("has the shape (256, 700), where fashion_mlp has (256, 784)"))
    let other = try message(weights(), model: "resnet18")
    #expect(other.contains("lacks parameters 'conv1.weight'") && other.contains("give weights of this architecture"))
  }

  @Test func valuesMustBeNumbers() throws {
    for value in [Float.nan, .infinity, -.infinity] {
      let path = try weights { tensors in
        var values = tensors[0].tensor.rowMajorElements()
        values[7] = value
        tensors[0].tensor = Tensor(tensors[0].tensor.shape, rowMajor: values, layout: .rowMajor)
      }
      #expect(try message(path).contains("values that are not finite"))
    }
  }

  @Test func variancesMustNotBeNegative() throws {
    let file = try SafetensorsFile(path: root + "/assets/models/fashion_vgg.safetensors")
    let tensors = try file.entries.map { entry in
      let tensor = try file.tensor(entry)
      return (name: entry.name, tensor: entry.name == "features.1.running_var" ? tensor.map { -$0 - 1 } : tensor)
    }
    let path = folder.path + "/vgg.safetensors"
    try SafetensorsFile.write(tensors, to: path)
    #expect(try message(path, model: "fashion_vgg").contains("negative variance"))
  }

  @Test func otherMistakes() throws {
    #expect(throws: FileError.notFound(path: "/nowhere")) { try ModelZoo.load("vgg11", weights: "/nowhere") }
    #expect(throws: ModelFormatError.self) { try ModelZoo.load("vgg11", weights: #filePath) }
    let unknown = #expect(throws: ModelZooError.self) { try ModelZoo.load("resnet81") }
    #expect(unknown?.description.contains("did you mean 'resnet18'?") == true)
    for (name, known) in [
      ("resnet50d", "resnet50"), ("seresnet50", "resnet50"), ("resnext50d_32x4d", "resnext50_32x4d"),
      ("resnet50_gn", "resnet50"), ("resnet50d.a1_in1k", "resnet50"), ("vgg16_bn_gap", "vgg16_bn"),
    ] {
      let variant = #expect(throws: ModelZooError.self) { try ModelZoo.load(name) }
      let text = "no model '\(name)'; it is another network than '\(known)': export it to ONNX"
      #expect(variant?.description.hasPrefix(text) == true, "\(String(describing: variant))")
    }
    #expect(throws: ModelZooError.self) { try ModelZoo.load("vgg11", classes: 0) }
    #expect(throws: ModelZooError.self) { try ModelZoo.load("vgg11", classes: Int.max) }
    let embedded = #expect(throws: ModelZooError.self) { try ModelZoo.load("fashion_mlp", classes: 3) }
    #expect(embedded?.description.contains("the embedded weights have 10 classes, 3 are asked for") == true)
  }
}
