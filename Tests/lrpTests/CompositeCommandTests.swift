import CompositeFiles
import Foundation
import ModelFormats
import Tensors
import Testing

@Suite struct CompositeCommandTests {
  private static let file = """
    version: 1
    model: fashion_vgg
    name_map:
      - {names: [features.0], rule: Flat}
      - {names: ["features.*"], rule: Gamma, gamma: 0.5}
    layer_map: [{types: [Linear], rule: Epsilon}]
    """

  @Test func checksFiles() throws {
    let scratch = try Scratch()
    let good = try scratch.write(Self.file, to: "good.yaml")
    let bad = try scratch.write("version: 1\nlayer_map: [{types: [Linear], rule: Epsilon, gama: 1}]", to: "bad.yaml")
    let plain = try scratch.write("version: 1\nlayer_map: [{types: [Linear], rule: Epsilon}]", to: "plain.yaml")
    let right = try Program.run(["composite", "check", good, plain])
    #expect(right.status == 0, "\(right.errors)")
    #expect(right.output.hasPrefix("\(good): right; "))
    #expect(right.output.contains("layers of fashion_vgg have a rule"))
    #expect(right.output.contains("\(plain): right; not compared with a model"))
    let wrong = try Program.run(["composite", "check", bad, good])
    #expect(wrong.status == 1)
    #expect(wrong.errors.hasPrefix("Error: \(bad):2:46: the key 'gama' found"))
    #expect(wrong.output.hasPrefix("\(good): right"))
    let other = try Program.run(["composite", "check", good, "--model", "fashion_resnet"])
    #expect(other.status == 1 && other.errors.contains("no layer of fashion_resnet"))
  }

  /// The commands of lesson 8: a file that was saved for a model explains that model.
  @Test(arguments: [
    ["attribute", "--input", Program.asset("images/fashion_bag.png"), "--output", "r.npy"], ["layers"],
    [
      "evaluate", "--input", Program.asset("images/fashion_bag.png"), "--metric", "relevance-share", "--rectangle",
      "0,0,9,9",
    ], ["profile", "--repeats", "1"], ["explore"],
  ])
  func theModelOfAFileIsTakenWhereNoneIsNamed(_ command: [String]) throws {
    let scratch = try Scratch()
    let file = try scratch.write(Self.file, to: "c.yaml")
    let result = try Program.run(command + ["--composite", file], in: scratch.folder)
    #expect(result.status == 0 && (result.errors.isEmpty || command[0] == "profile"), "\(result.errors)")
    let named = try Program.run(command + ["--composite", file, "--model", "fashion_vgg"], in: scratch.folder)
    #expect(command[0] == "profile" || named.output == result.output)
    let other = try scratch.write(Self.file.replacing("features.", with: "classifier."), to: "other.yaml")
    let mismatch = try Program.run(["layers", "--composite", other, "--model", "fashion_mlp"], in: scratch.folder)
    #expect(mismatch.status == 0 && mismatch.errors.contains("made for the model fashion_vgg, used with fashion_mlp"))
  }

  @Test func aModelThatIsNotHereIsAskedFor() throws {
    let scratch = try Scratch()
    let file = try scratch.write(Self.file.replacing("fashion_vgg", with: "nets/mine.onnx"), to: "c.yaml")
    let result = try Program.run(["layers", "--composite", file], in: scratch.folder)
    #expect(result.status == 1)
    #expect(
      result.errors
        == "Error: \(file) is for the model nets/mine.onnx, which is neither in 'lrp models' nor a file here; "
        + "name the model with --model\n")
    // Two files of different models cannot be measured together.
    let first = try scratch.write(Self.file, to: "a.yaml")
    let second = try scratch.write(Self.file.replacing("fashion_vgg", with: "fashion_mlp"), to: "b.yaml")
    let both = try Program.run(
      ["evaluate", "--input", Program.asset("images/fashion_bag.png"), "--composite", first, "--composite", second])
    #expect(
      both.status == 1 && both.errors.contains("is for the model fashion_vgg, ") && both.errors.contains("--model"))
  }

  @Test func exportsPythonAndExpandedFiles() throws {
    let scratch = try Scratch()
    let file = try scratch.write(Self.file, to: "c.yaml")
    let yaml = try Program.run(["composite", "export", file, "--format", "yaml"])
    #expect(yaml.status == 0, "\(yaml.errors)")
    let document = try CompositeDocument(reading: yaml.output, file: "out")
    #expect(document.nameMap.map(\.names).first == ["features.0"])
    #expect(document.nameMap.last?.names.contains("features.1") == true)
    #expect(document.canonizers?.map(\.name) == ["SequentialMergeBatchNorm"])
    let python = try Program.run(["composite", "export", file, "--output", scratch.path("c.py")])
    #expect(python.status == 0 && python.output.isEmpty)
    let script = try String(contentsOfFile: scratch.path("c.py"), encoding: .utf8)
    #expect(script.contains("(['features.0'], Flat(stabilizer=1e-6)),"))
    #expect(script.contains("from zennit.canonizers import SequentialMergeBatchNorm"))
    let preset = try Program.run(["composite", "export", "epsilon_gamma_box", "--model", "fashion_vgg"])
    #expect(preset.status == 0 && preset.output.contains("ZBox(low=torch.tensor([[-0.81019837]]"))
  }

  @Test(arguments: [
    ["export", "epsilon_plsu"], ["export", "epsilon_plsu", "--model", "fashion_vgg"], ["check", "epsilon_plsu"],
    ["diff", "epsilon_plus", "epsilon_plsu"],
  ])
  func unknownPresetsAreNamedWithThoseThereAre(_ arguments: [String]) throws {
    let result = try Program.run(["composite"] + arguments)
    #expect(result.status == 1)
    for word in ["no composite 'epsilon_plsu'; did you mean 'epsilon_plus'? (known: epsilon_plus, ", "beta_smooth, or"]
    {
      #expect(result.errors.contains(word), "\(result.errors)")
    }
  }

  @Test func noneIsAComposite() throws {
    let file = try Program.run(["composite", "export", "none", "--format", "yaml"])
    #expect(file.status == 0 && file.output.hasPrefix("version: 1\n"), "\(file.errors)")
    let difference = try Program.run(["composite", "diff", "none", "epsilon_plus"])
    #expect(difference.status == 0 && difference.output.contains("+ "), "\(difference.errors)")
  }

  @Test func comparesComposites() throws {
    let scratch = try Scratch()
    let file = try scratch.write(Self.file, to: "c.yaml")
    let same = try Program.run(["composite", "diff", file, file])
    #expect(same.status == 0 && same.output.isEmpty)
    let rules = try Program.run(["composite", "diff", "epsilon_plus", "epsilon_gamma_box", "--model", "fashion_vgg"])
    #expect(rules.status == 0, "\(rules.errors)")
    #expect(rules.output.hasPrefix("- features.0: ZPlus, stabilizer: 1e-6\n+ features.0: ZBox, low: [-0.81019837]"))
    let json = try Program.run(["composite", "diff", "epsilon_plus", "epsilon_plus_flat", "--json"])
    let items = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [[String: String]]
    #expect(items == [["place": "first_map: Linear", "second": "Flat, stabilizer: 1e-6"]])
  }

  @Test func anotherModelsFileIsWarnedOf() throws {
    let scratch = try Scratch()
    let file = try scratch.write(
      "version: 1\nmodel: vgg16\nlayer_map: [{types: [Linear], rule: Epsilon}]", to: "c.yaml")
    let image = Program.asset("images/fashion_bag.png")
    let result = try Program.run([
      "attribute", "--model", "fashion_mlp", "--input", image, "--composite", file, "--output", scratch.path("r.npy"),
    ])
    #expect(result.status == 0)
    #expect(result.errors == "Warning: \(file): made for the model vgg16, used with fashion_mlp\n")
  }

  /// The exported script, run by zennit on torchvision's network with the same weights, gives the same relevance.
  @Test(.enabled(if: Zennit.python != nil, Zennit.absence))
  func theExportedScriptGivesTheSameRelevance() throws {
    let python = try #require(Zennit.python)
    let scratch = try Scratch()
    try Weights.write(model: "resnet18", classes: 10, seed: 3, to: scratch.path("w.safetensors"))
    try NPYFile.write(Arrays.random([2, 3, 64, 64]), to: scratch.path("x.npy"))
    let file = try scratch.write(
      """
      version: 1
      name_map:
        - {names: [conv1], rule: ZBox, low: [-1, -1.1, -1.2], high: 1}
        - {names: [layer1.0.conv1, layer1.0.conv2], rule: AlphaBeta, alpha: 2, beta: 1}
        - {names: [layer2.0.conv1..layer2.1.conv2], rule: Gamma, gamma: 0.5, stabilizer: {epsilon: 0.1, norm_scale: true}}
        - {names: [fc], rule: Epsilon, epsilon: 0.25, zero_params: [bias]}
      layer_map:
        - {types: [Activation, BatchNorm], rule: Pass}
        - {types: [Sum, AvgPool], rule: Norm}
        - {types: [Convolution], rule: ZPlus}
      """.replacing("layer2.0.conv1..layer2.1.conv2", with: "layer2.0.conv1, layer2.0.conv2, layer2.1.conv1"),
      to: "c.yaml")
    let own = try Program.run([
      "attribute", "--model", "resnet18", "--weights", scratch.path("w.safetensors"), "--input", scratch.path("x.npy"),
      "--composite", file, "--target", "4", "--output", scratch.path("r.npy"),
    ])
    #expect(own.status == 0, "\(own.errors)")
    let export = try Program.run([
      "composite", "export", file, "--model", "resnet18", "--classes", "10", "--output", scratch.path("c.py"),
    ])
    #expect(export.status == 0, "\(export.errors)")
    let script = try scratch.write(Zennit.script, to: "run.py")
    let reference = try Program.run([script], in: scratch.folder, program: python)
    #expect(reference.status == 0, "\(reference.errors)")
    let distance = Arrays.distance(
      try NPYFile.read(scratch.path("r.npy")), try NPYFile.read(scratch.path("zennit.npy")))
    print("distance of 'lrp attribute' from zennit with the exported script: \(distance)")
    #expect(distance < 1e-4)
  }
}

/// The reference, where there is one.
enum Zennit {
  static let absence: Comment =
    "NOT COMPARED WITH ZENNIT: /usr/bin/python3 has no zennit, torchvision and safetensors; set LRP_ZENNIT_PYTHON to one that has"

  static let python: String? = {
    let path = ProcessInfo.processInfo.environment["LRP_ZENNIT_PYTHON"] ?? "/usr/bin/python3"
    guard FileManager.default.isExecutableFile(atPath: path) else { return nil }
    let probe = "import zennit.composites, torchvision, safetensors.torch"
    return (try? Program.run(["-c", probe], program: path))?.status == 0 ? path : nil
  }()

  static let script = """
    import numpy, torch, torchvision
    from safetensors.torch import load_file
    from zennit.attribution import Gradient
    from c import make_composite
    torch.set_default_dtype(torch.float64)
    model = torchvision.models.resnet18(num_classes=10).eval()
    model.load_state_dict(load_file('w.safetensors'), strict=False)
    data = torch.tensor(numpy.load('x.npy'), dtype=torch.float64)
    onehot = torch.eye(10)[[4, 4]]
    with Gradient(model=model, composite=make_composite()) as attributor:
        output, relevance = attributor(data, lambda output: output * onehot)
    numpy.save('zennit.npy', relevance.detach().numpy().astype('float32'))
    """
}
