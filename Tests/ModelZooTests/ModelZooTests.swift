import FileSystem
import Foundation
import Heatmaps
import ModelFormats
import ModelZoo
import NeuralNetwork
import Tensors
import Testing

struct ModelZooTests {
  private func logits(_ model: Model, _ input: Tensor) throws -> [Float] {
    let activations = try model.network.forward(input)
    return activations[model.network.output].rowMajorElements()
  }

  private func logits(_ model: Model, picture name: String) throws -> [Float] {
    let picture = try Picture(contentsOfFile: root + "/assets/images/" + name)
    let input = try model.card.preprocessing.tensor(
      rgb: picture.rgb, width: picture.width, height: picture.height)
    return try logits(model, input)
  }

  private func top(_ logits: [Float], _ count: Int) -> [Int] {
    Array(logits.indices.sorted { logits[$0] > logits[$1] }.prefix(count))
  }

  /// From the picture file to the logits, against PyTorch with Pillow.
  @Test(arguments: ["chelsea.png", "coffee.png", "astronaut.png"])
  func efficientNet(_ picture: String) throws {
    let model = try ModelZoo.load()
    #expect(model.card.name == "efficientnet_lite0" && model.weights == .embedded)
    let found = try logits(model, picture: picture)
    let expected = try fixture("embedded").tensor("efficientnet_lite0.\(picture)").rowMajorElements()
    #expect(relativeError(found, expected) < 1e-5)
    #expect(top(found, 5) == top(expected, 5))
    if picture == "chelsea.png" {
      #expect(top(found, 3).map { model.card.labels[$0] } == ["Egyptian cat", "tiger cat", "tabby"])
    }
  }

  /// JPEG decoders may round differently, so that the logits agree less closely.
  @Test func efficientNetOnAPhotograph() throws {
    let found = try logits(try ModelZoo.load(), picture: "rocket.jpg")
    let expected = try fixture("embedded").tensor("efficientnet_lite0.rocket.jpg").rowMajorElements()
    #expect(relativeError(found, expected) < 0.03)
    #expect(top(found, 1) == top(expected, 1))
  }

  @Test(arguments: ["fashion_mlp", "fashion_vgg", "fashion_resnet"])
  func fashionModels(_ name: String) throws {
    let model = try ModelZoo.load(name)
    let file = try fixture("embedded")
    let pictures = file.entries.filter { $0.name.hasPrefix(name + ".fashion_") }
    #expect(pictures.count == 10)
    var correct = 0
    for entry in pictures {
      let picture = String(entry.name.dropFirst(name.count + 1))
      let found = try logits(model, picture: picture)
      #expect(relativeError(found, try file.tensor(entry).rowMajorElements()) < 1e-5)
      let label = model.card.labels[top(found, 1)[0]]
      let slug = label.lowercased().replacingOccurrences(of: "t-shirt/top", with: "t_shirt")
        .replacingOccurrences(of: " ", with: "_")
      if picture == "fashion_\(slug).png" { correct += 1 }
    }
    #expect(correct >= 9)
  }

  @Test func reusedModulesAreSeveralNodes() throws {
    let network = try ModelZoo.load("resnet18", classes: 2).network
    let uses = network.indices(ofPath: "layer1.0.relu").map { network.nodes[$0].name }
    #expect(uses == ["layer1.0.relu", "layer1.0.relu#2"])
    #expect(network.nodes[try network.index(ofNode: "layer1.0.add")].layer.kind == .add)
    let embedded = try ModelZoo.load().network
    #expect(embedded.nodes[try embedded.index(ofNode: "blocks.2.sum")].layer.kind == .sum)
    #expect(embedded.nodes.filter { $0.layer.kind == .sum }.count == 9)
  }

  @Test func listNamesEveryModelOnce() {
    let names = ModelZoo.list.map(\.name)
    #expect(Set(names).count == names.count)
    for name in ["efficientnet_lite0", "fashion_mlp", "vgg11", "vgg11_bn", "vgg16", "vgg16_bn", "resnet18", "resnet50"]
    {
      #expect(names.contains(name))
    }
    #expect(ModelZoo.list.filter(\.isEmbedded).map(\.name).first == ModelZoo.defaultModel)
  }

  @Test(arguments: ModelZoo.list)
  func everyModelTakesItsOwnInput(_ listing: ModelListing) throws {
    let (network, _) = try ModelZoo.outline(listing.name)
    let shapes = try network.shapes(forInput: Shape([1] + #require(listing.inputShape)))
    let classes = try #require(listing.classes)
    #expect(shapes[network.output] == [1, classes])
  }

  @Test(arguments: ["efficientnet_lite0", "fashion_mlp", "resnet18", "googlenet", "mobilenet_v3_small"])
  func cardsAreComplete(_ name: String) throws {
    let card = try ModelZoo.load(name).card
    #expect(card.labels.count == card.classes && card.hasLabels)
    #expect(card.low.count == card.inputShape[0] && card.high.count == card.inputShape[0])
    #expect(FileManager.default.fileExists(atPath: root + "/assets/" + card.defaultPicture))
  }
}

struct ModelCardTests {
  @Test func findsClasses() throws {
    let card = try ModelZoo.load().card
    #expect(try card.classIndex("285") == 285 && card.classIndex("egyptian CAT") == 285)
    let error = #expect(throws: ModelZooError.self) { try card.classIndex("Egyptian cot") }
    #expect(error?.description.contains("'Egyptian cat'") == true)
    #expect(throws: ModelZooError.self) { try card.classIndex("1000") }
    #expect(throws: ModelZooError.self) { try card.classIndex("-1") }
  }
}
