import Dispatch
import LRP
import NeuralNetwork
import Tensors
import Testing

struct LedgerTests {
  private static func attribution(
    _ network: Network, _ rule: any Rule, canonizers: [any Canonizer] = []
  ) throws -> Attribution {
    let composite = LayerMapComposite(
      layerMap: [LayerMapEntry(.linear, rule)] + .base(stabilizer: 1e-9), canonizers: canonizers)
    var gradient = try Gradient(network, composite: composite)
    gradient.keepsLedger = true
    gradient.keepsNodeRelevance = true
    return try gradient.attribute(TestNetworks.picture(batch: 3), .logit(.top1))
  }

  @Test(
    "without biases the relevance of the pixels sums up to the logit",
    arguments: [nil, 0.5])
  func conservation(gamma: Double?) throws {
    let rule: any Rule = try gamma.map { try Gamma(gamma: $0, stabilizer: 1e-9) } ?? Epsilon(epsilon: 1e-9)
    let result = try Self.attribution(TestNetworks.vgg(biased: false), rule)
    let logits = (0..<3).map { sample in
      Double(result.output.sample(sample).rowMajorElements()[result.output.strongestClass(ofSample: sample)])
    }
    for (sum, logit) in zip(result.relevance.sampleSums(), logits) { #expect(abs(sum / logit - 1) < 1e-4) }
    let ledger = try #require(result.ledger)
    #expect(ledger.entries.count == 12)
    for entry in ledger.entries {
      for sample in 0..<3 {
        let kept = try #require(entry.kept(sample))
        #expect(abs(kept - 1) < 1e-4, "\(entry.name)")
        #expect(entry.bias[sample] == 0)
      }
    }
  }

  @Test("with biases, what is missing at the pixels is what biases and stabilizers absorbed")
  func biases() throws {
    let result = try Self.attribution(TestNetworks.vgg(), Epsilon(epsilon: 0.01))
    let ledger = try #require(result.ledger)
    for sample in 0..<3 {
      let absorbed = ledger.entries.reduce(0.0) { $0 + $1.bias[sample] + $1.stabilizer[sample] }
      let logit = ledger.entries.last?.outgoing[sample] ?? .nan
      let pixels = result.relevance.sampleSums()[sample]
      #expect(abs(logit - pixels - absorbed) < 1e-4 * abs(logit))
      #expect(abs(absorbed) > 1e-3 * abs(logit))
    }
    for entry in ledger.entries { #expect(entry.other.allSatisfy { abs($0) < 1e-4 }, "\(entry.name)") }
  }

  @Test("a plain addition doubles the relevance and the ledger says so; a sum with a rule shares it")
  func additions() throws {
    let plain = try Self.attribution(TestNetworks.residual(), Epsilon(), canonizers: [SequentialMergeBatchNorm()])
    let addition = try #require(plain.ledger?.entries.first { $0.name == "layer1.0.add" })
    #expect(addition.rule == nil)
    for sample in 0..<3 {
      #expect(abs(try #require(addition.kept(sample)) - 2) < 1e-6)
      #expect(abs(addition.other[sample] + addition.outgoing[sample]) < 1e-6 * abs(addition.outgoing[sample]))
    }
    let shared = try Self.attribution(TestNetworks.residual(), Epsilon(), canonizers: [ResNetCanonizer()])
    let sum = try #require(shared.ledger?.entries.first { $0.name == "layer1.0.canonizer_sum" })
    for sample in 0..<3 { #expect(abs(try #require(sum.kept(sample)) - 1) < 1e-4) }
  }

  @Test("an entry's figures are those of what was handed on")
  func figures() throws {
    let result = try Self.attribution(TestNetworks.vgg(), ZPlus())
    let ledger = try #require(result.ledger)
    let entry = try #require(ledger[node: 1])
    #expect(entry.name == "features.0" && entry.kind == .conv2d && entry.rule == "ZPlus")
    #expect(entry.incoming == result.relevance.sampleSums())
    #expect(entry.summary == result.relevance.summary())
    let arrived = try #require(result.nodeRelevance[1])
    #expect(entry.outgoing == arrived.sampleSums())
    #expect(ledger[node: 99] == nil)
    // Times are those of layers, one after the other, and so less than the whole takes.
    let began = DispatchTime.now().uptimeNanoseconds
    let timed = try #require(try Self.attribution(TestNetworks.vgg(), ZPlus()).ledger)
    let whole = Double(DispatchTime.now().uptimeNanoseconds - began) / 1e9
    #expect(timed.entries.allSatisfy { $0.seconds > 0 })
    #expect(timed.entries.reduce(0) { $0 + $1.seconds } < whole)
  }
}
