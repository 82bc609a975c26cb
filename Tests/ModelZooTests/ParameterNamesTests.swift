import Foundation
import ModelFormats
import ModelZoo
import Tensors
import Testing

/// Parameters whose names training has changed, here in safetensors; what `torch.save` writes is for `CheckpointTests`.
struct ParameterNamesTests {
  let folder: TemporaryFolder
  private typealias Tensors = [(name: String, tensor: Tensor)]

  init() throws { folder = try TemporaryFolder() }

  /// `fashion_vgg` under other names, with other tensors beside it.
  private func file(_ name: (String) -> String, adding: [String] = [], _ model: String = "fashion_vgg") throws -> String
  {
    let file = try SafetensorsFile(path: root + "/assets/models/\(model).safetensors")
    let other = adding.map { (name: $0, tensor: Tensor([3], filledWith: 7)) }
    let path = folder.path + "/w.safetensors"
    try SafetensorsFile.write(file.entries.map { (name: name($0.name), tensor: try file.tensor($0)) } + other, to: path)
    return path
  }

  static let renamed: [(String, @Sendable (String) -> String, [String], [String])] = [
    ("plain", { $0 }, [], []),
    ("a part", { $0.replacing("features.", with: "features.module.") }, [], ["without 'module.'"]),
    ("compiled", { $0.replacing("features.", with: "features._orig_mod.") }, [], ["'_orig_mod.'"]),
    (
      "Lightning", { "model." + $0 }, ["criterion.pos_weight", "val_acc.total"],
      ["'model.'", "left out", "'criterion.pos_weight', 'val_acc.total'"]
    ),
    ("another prefix", { "student.net.0." + $0 }, [], ["'student.net.0.'"]),
    ("both", { "module.encoder.module." + $0 }, [], ["'encoder.', 'module.'"]),
    (
      "some", { $0.hasPrefix("classifier.3") ? $0 : "backbone." + $0 }, [], ["'backbone.' where they have it"]
    ),
    ("FSDP", { "_fsdp_wrapped_module." + $0.replacing(".", with: "._fsdp_wrapped_module.") }, [], ["_fsdp"]),
    ("loss", { $0 }, ["loss_fn.weight", "ema.shadow", "optimizer.state.0"], ["'loss_fn.weight'", "'ema.shadow'"]),
    ("buffers", { $0 }, ["total_ops", "features.0.total_params", "class_weights"], ["'total_ops'", "class_weights"]),
    ("a decoder", { "encoder." + $0 }, ["decoder.0.weight"], ["'encoder.'", "'decoder.0.weight'"]),
  ]

  @Test(arguments: renamed)
  func parametersAreFound(
    _ what: String, _ name: @Sendable (String) -> String, _ adding: [String], _ words: [String]
  ) throws {
    let model = try ModelZoo.load("fashion_vgg", weights: file(name, adding: adding))
    let notes = model.notes.joined(separator: "\n")
    #expect(words.allSatisfy(notes.contains) && notes.isEmpty == words.isEmpty, "\(what): \(notes)")
    let embedded = try ModelZoo.load("fashion_vgg")
    let input = SeededParameters(seed: 3).uniform("x", [1, 1, 28, 28])
    let outputs = try [model, embedded].map { try $0.network.forward(input).last?.rowMajorElements() }
    #expect(outputs[0] != nil && outputs[0] == outputs[1])
  }

  /// Averages beside the network are not taken for it, whatever comes first.
  @Test func averagesAreLeftOut() throws {
    let source = try SafetensorsFile(path: root + "/assets/models/fashion_vgg.safetensors")
    let tensors = try source.entries.flatMap { entry in
      [
        (name: "ema." + entry.name, tensor: Tensor(entry.shape, filledWith: 1)),
        (name: "online." + entry.name, tensor: try source.tensor(entry)),
      ]
    }
    let path = folder.path + "/both.safetensors"
    try SafetensorsFile.write(tensors, to: path)
    let model = try ModelZoo.load("fashion_vgg", weights: path)
    #expect(model.notes.first?.contains("names are taken without 'online.'; left out") == true)
  }

  private func message(_ path: String, _ model: String = "fashion_vgg", classes: Int? = nil) throws -> String {
    let error = try #require(throws: ModelZooError.self) {
      try ModelZoo.load(model, weights: path, classes: classes)
    }
    return error.description
  }

  private func write(_ tensors: [String: Tensor]) throws -> String {
    let path = folder.path + "/changed.safetensors"
    try SafetensorsFile.write(tensors.sorted { $0.key < $1.key }.map { (name: $0.key, tensor: $0.value) }, to: path)
    return path
  }

  private func tensors(_ model: String) throws -> [String: Tensor] {
    let seeded = SeededParameters(seed: 5)
    return try ModelZoo.outline(model).parameters.reduce(into: [:]) { $0[$1.key] = seeded.uniform($1.key, $1.value) }
  }

  @Test func replacedHeadsAreNamed() throws {
    var changed = try tensors("squeezenet1_1")
    for end in ["weight", "bias"] { changed["classifier.1.\(end)"] = nil }
    changed["classifier.1.0.weight"] = Tensor([64, 512], filledWith: 0)
    changed["classifier.1.2.weight"] = Tensor([5, 64], filledWith: 0)
    let text = try message(write(changed), "squeezenet1_1")
    for words in [
      "lacks parameters 'classifier.1.weight', 'classifier.1.bias' of squeezenet1_1",
      "has parameters 'classifier.1.0.weight', 'classifier.1.2.weight'", "its head was replaced",
      "export the network to ONNX",
    ] { #expect(text.contains(words), "\(words)\n\(text)") }
    let rows = text.split(separator: "\n").dropFirst().map { $0.split(separator: " ").joined(separator: " ") }
    #expect(
      rows == [
        "squeezenet1_1 has the file has", "classifier.1.weight (1000, 512, 1, 1) classifier.1.0.weight (64, 512)",
        "classifier.1.bias (1000) classifier.1.2.weight (5, 64)",
      ])
  }

  /// For one or four channels, or of another size.
  @Test(arguments: [[64, 1, 3, 3], [64, 4, 3, 3], [64, 3, 5, 5]]) func replacedStemsAreNamed(_ shape: [Int]) throws {
    var changed = try tensors("squeezenet1_1")
    changed["features.0.weight"] = Tensor(Shape(shape), filledWith: 0)
    let text = try message(write(changed), "squeezenet1_1")
    #expect(text.contains("'features.0.weight' has the shape \(Shape(shape)), where squeezenet1_1 has (64, 3, 3, 3)"))
    #expect(text.contains("its first layer was replaced") && text.contains("ONNX"))
  }

  /// Ten names of each side, and how many more there are.
  @Test func bothSidesAreListed() throws {
    let text = try message(file { $0 }, "squeezenet1_1")
    let lines = text.split(separator: "\n")
    #expect(lines.count == 13 && lines[12].contains("… and") && lines[0].contains("give weights of this architecture"))
    #expect(lines[2].contains("features.0.weight (64, 3, 3, 3)") && !lines[0].contains("replaced"), "\(text)")
  }

  /// An unknown tensor within the network is no part of it that could be left out.
  @Test func unknownTensorsAreRefused() throws {
    for name in ["features.1.gate", "normalize.mean", "temperature"] {
      #expect(try message(file({ $0 }, adding: [name])).contains("has parameter '\(name)', which fashion_vgg does not"))
    }
  }
}
