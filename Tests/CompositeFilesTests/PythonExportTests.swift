import CompositeFiles
import Foundation
import LRP
import NeuralNetwork
import Tensors
import Testing

@Suite struct PythonExportTests {
  static func document() throws -> CompositeDocument {
    CompositeDocument(
      model: "vgg16_bn",
      canonizers: [
        ResNetCanonizer(), SequentialMergeBatchNorm(),
        NamedMergeBatchNorm(nameMap: [.init(linear: ["features.0"], batchNorm: "features.1")]),
      ],
      nameMap: [
        NameMapEntry(["features.0"], ZBox(low: .perChannel([-2, -1.5, 1e-5]), high: .scalar(2))),
        NameMapEntry(["features.3", "it's"], try Gamma(gamma: 0.5, zeroParams: [.bias, .weight])),
        NameMapEntry(["x"], Epsilon(epsilon: Stabilizer(0.25, clip: true, normScale: true, dim: [1]))),
      ],
      firstMap: [LayerMapEntry(.convolution, Flat())],
      layerMap: [
        LayerMapEntry([.activation, .batchNorm], Pass()), LayerMapEntry(.sum, Norm()),
        LayerMapEntry([.fullyConnected, .relu], Epsilon()),
      ])
  }

  /// A rule that zennit has nothing like.
  private struct Mine: ShareRule {
    var name: String { "Mine" }
    var shares: [Share] { [Share(positive: 1, negative: 0.5)] }
    var stabilizer: Stabilizer { 1e-6 }
  }

  @Test func rulesThatZennitLacksAreSaidAndNotImported() {
    let document = CompositeDocument(
      nameMap: [NameMapEntry(["a"], Mine()), NameMapEntry(["b"], Norm())], layerMap: [LayerMapEntry(.linear, Mine())])
    let script = document.python()
    #expect(script.contains("zennit has no rule Mine: layers with it take the plain gradient"))
    #expect(!script.contains("Mine()") && script.contains("from zennit.rules import Norm\n"))
    #expect(script.contains("layer_map = []") && !script.contains("'a'"))
  }

  @Test func whatZennitLacksIsSaid() throws {
    var document = try Self.document()
    document.canonizers = [SequentialMergeBatchNorm(), ThresholdBatchNorm(), SignalTakesAll()]
    document.layerMap = [LayerMapEntry([.sum, .gatedProduct], Norm()), LayerMapEntry(.gatedProduct, Norm())]
    let script = document.python()
    #expect(script.contains("import warnings\n\nimport torch"))
    for name in ["ThresholdBatchNorm", "SignalTakesAll"] {
      #expect(script.contains("    warnings.warn('zennit has no canonizer \(name): its relevance differs"))
    }
    #expect(script.contains("    canonizers = [\n        SequentialMergeBatchNorm(),\n    ]"))
    #expect(!script.contains("GatedProduct") && script.contains("((Sum,), Norm(stabilizer=1e-6)),"))
  }

  @Test func theBlocksCanonizersComeFromTorchvision() throws {
    var document = try Self.document()
    document.canonizers = [ResNetBasicBlockCanonizer(), ResNetBottleneckCanonizer()]
    let script = document.python()
    #expect(script.contains("from zennit.torchvision import ResNetBasicBlockCanonizer, ResNetBottleneckCanonizer"))
    #expect(script.contains("        ResNetBasicBlockCanonizer(),\n        ResNetBottleneckCanonizer(),\n"))
    #expect(!script.contains("warnings"))
  }

  /// zennit refuses α − β that is not 1 to the last bit.
  @Test(arguments: [0, 0.1, 0.7, 1.3, 2.6, 4.35, 1e-9, 12.1])
  func alphaLessBetaIsOne(_ beta: Double) throws {
    let rule = try AlphaBeta(alpha: 1 + beta, beta: beta)
    let script = CompositeDocument(layerMap: [LayerMapEntry(.linear, rule)]).python()
    func number(_ name: String) throws -> Double {
      let rest = try #require(script.range(of: "\(name)="))
      return try #require(Double(script[rest.upperBound...].prefix { !",)".contains($0) }))
    }
    #expect(try number("alpha") - number("beta") == 1)
    #expect(try abs(number("beta") - beta) < 1e-14)
  }

  @Test func isAStandAloneScript() throws {
    #expect(
      try Self.document().python() == #"""
        """Composite for vgg16_bn, written by lrp. Needs zennit (https://zennit.readthedocs.io).

            composite = make_composite()
            with Gradient(model=model, composite=composite) as attributor:
                output, relevance = attributor(input, one_hot)
        """
        import torch
        from zennit.canonizers import NamedMergeBatchNorm, SequentialMergeBatchNorm
        from zennit.composites import MixedComposite, NameMapComposite, SpecialFirstLayerMapComposite
        from zennit.core import Stabilizer
        from zennit.layer import Sum
        from zennit.rules import Epsilon, Flat, Gamma, Norm, Pass, ZBox
        from zennit.torchvision import ResNetCanonizer
        from zennit.types import Activation, BatchNorm, Convolution


        def make_composite():
            canonizers = [
                ResNetCanonizer(),
                SequentialMergeBatchNorm(),
                NamedMergeBatchNorm(name_map=[(['features.0'], 'features.1')]),
            ]
            name_map = [
                (['features.0'], ZBox(low=torch.tensor([[-2, -1.5, 1e-5]], dtype=torch.float64), high=2, stabilizer=1e-6)),
                (['features.3', 'it\'s'], Gamma(gamma=0.5, stabilizer=1e-6, zero_params=['weight', 'bias'])),
                (['x'], Epsilon(epsilon=Stabilizer(epsilon=0.25, clip=True, norm_scale=True, dim=(1, )))),
            ]
            first_map = [
                ((Convolution,), Flat(stabilizer=1e-6)),
            ]
            layer_map = [
                ((Activation, BatchNorm,), Pass()),
                ((Sum,), Norm(stabilizer=1e-6)),
                ((torch.nn.Linear, torch.nn.ReLU,), Epsilon(epsilon=1e-6)),
            ]
            return MixedComposite(
                [
                    NameMapComposite(name_map=name_map),
                    SpecialFirstLayerMapComposite(layer_map=layer_map, first_map=first_map),
                ],
                canonizers=canonizers,
            )


        if __name__ == '__main__':
            print(make_composite())

        """#)
  }

  /// A rule of the example program, which zennit's package does not have, comes with the script.
  @Test func bringsSumSingleAlong() throws {
    let script = CompositeDocument(layerMap: [LayerMapEntry(.sum, try SumSingle(summand: 0))]).python()
    #expect(
      script.contains(
        """
        import torch
        from zennit.composites import MixedComposite, NameMapComposite, SpecialFirstLayerMapComposite
        from zennit.core import Hook
        from zennit.layer import Sum


        class SumSingle(Hook):
        """))
    #expect(script.contains("((Sum,), SumSingle(summand=0)),"))
  }

  @Test func namesCannotBreakOutOfTheirQuotes() {
    let document = CompositeDocument(model: "\"\"\"\nimport os", rules: [("a'\n\\é", Pass())])
    let script = document.python()
    #expect(script.contains(#"Composite for '''\U0000000aimport os, written"#))
    #expect(script.contains(#"['a\'\U0000000a\\\U000000e9']"#))
  }

  /// Runs under zennit where Python has it, so that classes and arguments are known to exist.
  @Test(
    .enabled(
      if: python != nil, "NOT RUN UNDER ZENNIT: /usr/bin/python3 has no zennit; set LRP_ZENNIT_PYTHON to one that has"))
  func runsUnderZennit() throws {
    let python = try #require(Self.python)
    let folder = try TemporaryFolder()
    var documents = RandomDocuments(generator: SplitMix64(seed: 1))
    let scripts = try (0..<8).map { index in
      let path = "\(folder.path)/c\(index).py"
      let document = index == 0 ? try Self.document() : try documents.document()
      try Data(document.python().utf8).write(to: URL(fileURLWithPath: path))
      return path
    }
    let driver = "import runpy, sys\nfor path in sys.argv[1:]: print(runpy.run_path(path)['make_composite']())"
    let (status, output) = try Self.run(python, ["-c", driver] + scripts)
    #expect(status == 0, "\(output)")
    #expect(output.split(separator: "\n").filter { $0.contains("MixedComposite") }.count == scripts.count)
  }

  static let python: String? = {
    let python = ProcessInfo.processInfo.environment["LRP_ZENNIT_PYTHON"] ?? "/usr/bin/python3"
    guard FileManager.default.isExecutableFile(atPath: python) else { return nil }
    return (try? run(python, ["-c", "import zennit.composites"]))?.status == 0 ? python : nil
  }()

  private static func run(_ program: String, _ arguments: [String]) throws -> (status: Int32, output: String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: data, as: UTF8.self))
  }
}
