import Foundation
import Heatmaps
import LRP
import ModelFormats
import ModelZoo
import Tensors
import Testing

@Suite struct AttributeTests {
  private static let cat = Program.asset("images/chelsea.png")

  @Test func agreesWithTheReferenceOnThePictureOfACat() throws {
    let scratch = try Scratch()
    let result = try Program.run([
      "attribute", "--model", "efficientnet_lite0", "--input", Self.cat, "--composite", "epsilon_plus", "--target",
      "top1", "--output", scratch.path("r.npy"),
    ])
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.output.isEmpty)
    #expect(result.errors.isEmpty)
    let expected = try SafetensorsFile(path: Program.fixture("golden/models_efficientnet_lite0.safetensors"))
      .tensor("epsilon_plus/input")
    let found = try NPYFile.read(scratch.path("r.npy"))
    #expect(found.shape == [1, 3, 224, 224])
    #expect(Arrays.distance(found, expected) < 1e-4)
    #expect(scratch.names == ["r.npy"])
  }

  /// As every command: results are made again by the same command.
  @Test func aFileThatExistsIsReplaced() throws {
    let scratch = try Scratch()
    let output = try scratch.write("mine", to: "r.npy")
    let arguments = ["attribute", "--model", "fashion_mlp", "--input", Program.asset("images/fashion_bag.png")]
    #expect(try Program.run(arguments + ["--composite", "nope", "--output", output]).status == 1)
    #expect(try String(contentsOfFile: output, encoding: .utf8) == "mine")
    #expect(try Program.run(arguments + ["--output", output]).status == 0)
    #expect(try NPYFile.read(output).shape == [1, 1, 28, 28])
    #expect(scratch.names == ["r.npy"])
  }

  @Test func classesHaveNumbersAndNames() throws {
    let scratch = try Scratch()
    for (name, target) in [("a", "282"), ("b", "Tiger Cat"), ("c", "top1")] {
      let result = try Program.run([
        "attribute", "--input", Self.cat, "--target", target, "--output", scratch.path("\(name).safetensors"),
      ])
      #expect(result.status == 0, "\(result.errors)")
    }
    let files = try ["a", "b", "c"].map { try SafetensorsFile(path: scratch.path("\($0).safetensors")) }
    #expect(files.map { $0.metadata["targets"] } == ["282", "282", "285"])
    #expect(files[0].entries.map(\.name) == ["relevance", "output", "input"])
    let relevance = try files.map { try $0.tensor("relevance") }
    #expect(Arrays.distance(relevance[0], relevance[1]) == 0)
    #expect(Arrays.distance(relevance[2], relevance[0]) > 0.01)
    #expect(try files[0].tensor("output").shape == [1, 1000])
  }

  @Test func writesAPictureAsLargeAsTheInput() throws {
    let scratch = try Scratch()
    let result = try Program.run([
      "attribute", "--input", Self.cat, "--output", scratch.path("r.png"), "--cmap", "00f,fff,f00", "--level", "2",
    ])
    #expect(result.status == 0, "\(result.errors)")
    let picture = try Picture(contentsOfFile: scratch.path("r.png"))
    #expect(picture.width == 224 && picture.height == 224)
    // Most of the picture has next to no relevance, which this map shows as white.
    let white = (0..<224 * 224).count { picture.pixel($0).luma > 200 }
    #expect(white > 224 * 224 / 2)
    #expect(white < 224 * 224)
  }

  @Test(arguments: [[], ["--attributor", "smoothgrad", "--iterations", "3", "--seed", "5"]])
  func batchesDoNotMatter(_ options: [String]) throws {
    let scratch = try Scratch()
    try NPYFile.write(Arrays.random([5, 1, 28, 28]), to: scratch.path("x.npy"))
    for size in ["1", "2", "5"] {
      let result = try Program.run(
        [
          "attribute", "--model", "fashion_vgg", "--input", scratch.path("x.npy"), "--batch-size", size, "--output",
          scratch.path("r\(size).npy"),
        ] + options)
      #expect(result.status == 0, "\(result.errors)")
    }
    let results = try ["1", "2", "5"].map { try NPYFile.read(scratch.path("r\($0).npy")) }
    #expect(results[0].shape == [5, 1, 28, 28])
    #expect(Arrays.distance(results[1], results[0]) < 1e-5)
    #expect(Arrays.distance(results[2], results[0]) < 1e-5)
  }

  @Test func layersAndLedgerAddUp() throws {
    let scratch = try Scratch()
    try NPYFile.write(Arrays.random([2, 1, 28, 28]), to: scratch.path("x.npy"))
    let arguments = [
      "attribute", "--model", "fashion_resnet", "--input", scratch.path("x.npy"), "--composite", "epsilon_plus",
      "--batch-size", "1", "--output", scratch.path("r.npy"), "--layers-output", scratch.path("l.safetensors"),
      "--ledger",
    ]
    for format in ["json", "csv"] {
      let result = try Program.run(arguments + [scratch.path("l.\(format)")])
      #expect(result.status == 0, "\(result.errors)")
    }
    let relevance = try NPYFile.read(scratch.path("r.npy"))
    let layers = try SafetensorsFile(path: scratch.path("l.safetensors"))
    #expect(Arrays.distance(try layers.tensor("input"), relevance) == 0)
    #expect(try layers.tensor("layer2.0.sum").shape == [2, 64, 7, 7])
    #expect(try layers.tensor("fc").shape == [2, 10])

    let ledger = try JSONDecoder().decode(
      Ledger.self, from: Data(contentsOf: URL(fileURLWithPath: scratch.path("l.json"))))
    #expect(ledger.samples == 2 && ledger.model == "fashion_resnet" && ledger.composite == "epsilon_plus")
    #expect(ledger.targets?.count == 2)
    for layer in ledger.layers {
      let sums = try layers.tensor(layer.name).sampleSums()
      for sample in 0..<2 {
        let parts = layer.relevance_in[sample] + layer.bias[sample] + layer.stabilizer[sample] + layer.other[sample]
        #expect(abs(layer.relevance_out[sample] - parts) < 1e-9)
        #expect(abs(layer.relevance_out[sample] - sums[sample]) < 1e-3 * max(1, abs(sums[sample])), "\(layer.name)")
      }
    }
    let lines = try String(contentsOfFile: scratch.path("l.csv"), encoding: .utf8).split(separator: "\n")
    #expect(lines.count == 1 + 2 * ledger.layers.count)
    #expect(lines[0].hasPrefix("sample,layer,kind,rule,relevance_out,relevance_in,bias,stabilizer,other,kept"))
    #expect(lines[1].hasPrefix("0,\(ledger.layers[0].name),"))
  }

  private struct Ledger: Decodable {
    struct Layer: Decodable {
      let name: String
      // swift-format-ignore: AlwaysUseLowerCamelCase
      let relevance_out: [Double]
      // swift-format-ignore: AlwaysUseLowerCamelCase
      let relevance_in: [Double]
      let bias: [Double]
      let stabilizer: [Double]
      let other: [Double]
    }
    let model: String
    let composite: String
    let samples: Int
    let targets: [Int]?
    let layers: [Layer]
  }

  @Test func parametersCarryWhatTheirLayerReceives() throws {
    let scratch = try Scratch()
    try NPYFile.write(Arrays.random([3, 1, 28, 28]), to: scratch.path("x.npy"))
    let result = try Program.run([
      "attribute", "--model", "fashion_mlp", "--input", scratch.path("x.npy"), "--composite", "epsilon_plus",
      "--batch-size", "2", "--output", scratch.path("r.npy"), "--parameters-output", scratch.path("p.safetensors"),
    ])
    #expect(result.status == 0, "\(result.errors)")
    let shares = try SafetensorsFile(path: scratch.path("p.safetensors"))
    let weight = try shares.tensor("classifier.0.weight")
    #expect(weight.shape == [256, 784])
    let relevance = try NPYFile.read(scratch.path("r.npy")).sum()
    #expect(abs(weight.sum() - relevance) < 1e-3 * max(1, abs(relevance)))
    #expect(shares.entry("classifier.0.bias") != nil)
  }

  @Test func whatIsPutInAtTheOutput() throws {
    let scratch = try Scratch()
    try NPYFile.write(Arrays.random([1, 1, 28, 28]), to: scratch.path("x.npy"))
    func explain(_ options: [String]) throws -> SafetensorsFile {
      let path = scratch.path("\(UUID().uuidString).safetensors")
      let arguments = ["attribute", "--model", "fashion_mlp", "--input", scratch.path("x.npy"), "--output", path]
      let result = try Program.run(arguments + options)
      #expect(result.status == 0, "\(result.errors)")
      return try SafetensorsFile(path: path)
    }
    let logit = try explain(["--target", "3", "--composite", "none"])
    let one = try explain(["--target", "3", "--composite", "none", "--output-relevance", "one"])
    let factor = try logit.tensor("output").rowMajorElements()[3]
    #expect(Arrays.distance(try logit.tensor("relevance"), try one.tensor("relevance") * factor) < 1e-5)
    let output = try explain(["--composite", "none", "--output-relevance", "output"])
    #expect(output.metadata["targets"] == "")
    #expect(Arrays.distance(try output.tensor("relevance"), try logit.tensor("relevance")) > 0.01)
  }

  @Test func otherAttributors() throws {
    let scratch = try Scratch()
    try NPYFile.write(Arrays.random([1, 1, 28, 28]), to: scratch.path("x.npy"))
    func explain(_ options: [String], _ name: String = "x.npy") throws -> Tensor {
      let path = scratch.path("\(UUID().uuidString).npy")
      let arguments = [
        "attribute", "--model", "fashion_mlp", "--composite", "none", "--target", "2", "--input",
        scratch.path(name), "--output", path,
      ]
      let result = try Program.run(arguments + options)
      #expect(result.status == 0, "\(result.errors)")
      return try NPYFile.read(path)
    }
    let input = try NPYFile.read(scratch.path("x.npy"))
    let gradient = try explain(["--output-relevance", "one"])
    let times = try explain(["--output-relevance", "one", "--attributor", "input-times-gradient"])
    #expect(Arrays.distance(times, input * gradient) < 1e-6)
    let smooth = try explain(["--output-relevance", "one", "--attributor", "smoothgrad", "--iterations", "1"])
    #expect(Arrays.distance(smooth, gradient) < 1e-6)
    // Half the way from black, and all of it.
    try NPYFile.write(input * 0.5, to: scratch.path("half.npy"))
    let half = try explain(["--output-relevance", "one"], "half.npy")
    #expect(Arrays.distance(half, gradient) > 0.01)
    let options = ["--attributor", "integrated-gradients", "--iterations", "2"]
    let integrated = try explain(["--output-relevance", "one"] + options)
    #expect(Arrays.distance(integrated, input * (half + gradient) * 0.5) < 1e-6)
    let occlusion = try explain(["--attributor", "occlusion", "--window", "14", "--stride", "14"])
    // Four windows, each of one value.
    #expect(Set(occlusion.rowMajorElements()).count == 4)
  }

  @Test func timesAreReportedWhenAskedFor() throws {
    let scratch = try Scratch()
    let result = try Program.run([
      "attribute", "--model", "fashion_mlp", "--input", Program.asset("images/fashion_bag.png"), "--output",
      scratch.path("r.npy"), "--time",
    ])
    #expect(result.status == 0)
    #expect(result.errors.hasPrefix("time: load "))
    for word in ["forward", "backward", "total", "peak memory"] { #expect(result.errors.contains(word)) }
  }

  @Test func randomParametersAreSaidToBeRandom() throws {
    let scratch = try Scratch()
    try NPYFile.write(Arrays.random([1, 3, 64, 64]), to: scratch.path("x.npy"))
    let result = try Program.run([
      "attribute", "--model", "resnet18", "--classes", "10", "--input", scratch.path("x.npy"), "--output",
      scratch.path("r.npy"),
    ])
    #expect(result.status == 0)
    #expect(result.errors.hasPrefix("Warning: resnet18 has random parameters (seed 0)"))
  }

  @Test(arguments: [SIGTERM, SIGHUP]) func requestsToEndLeaveNothingBehind(_ signal: Int32) throws {
    let scratch = try Scratch()
    let result = try Program.run(
      [
        "attribute", "--input", Self.cat, "--attributor", "smoothgrad", "--iterations", "100000", "--output",
        scratch.path("r.npy"),
      ], interruptedAfter: 3, by: signal)
    #expect(result.status == 128 + signal && !result.wasKilled)
    #expect(result.errors.hasSuffix("ended by a signal\n"))
    #expect(scratch.names.isEmpty)
  }

  @Test func controlCLeavesNothingBehind() throws {
    let scratch = try Scratch()
    let result = try Program.run(
      [
        "attribute", "--input", Self.cat, "--attributor", "smoothgrad", "--iterations", "100000", "--output",
        scratch.path("r.npy"),
      ], interruptedAfter: 3)
    #expect(result.status == 130 && !result.wasKilled)
    #expect(result.errors.contains("interrupted"))
    #expect(scratch.names.isEmpty)
  }
}
