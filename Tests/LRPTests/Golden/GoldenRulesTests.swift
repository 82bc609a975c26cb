import LRP
import ModelFormats
import NeuralNetwork
import Tensors
import Testing

extension GoldenTests {
  /// Every rule on every layer kind, and what their ledgers say.
  @Suite(.serialized)
  struct Rules {
    static let layers = (try? GoldenFiles.manifest("rules", as: GoldenRules.self).layers) ?? []

    @Test("the manifest holds layers with cases")
    func manifest() throws {
      let layers = try GoldenFiles.manifest("rules", as: GoldenRules.self).layers
      #expect(layers.count >= 80)
      #expect(layers.allSatisfy { !$0.cases.isEmpty })
      let used = Set(layers.flatMap(\.cases).compactMap(\.rule))
      // SumSingle, which is of zennit's example program, has its cases in `residual_resnet18`.
      #expect(used == Set(RuleCatalog.descriptions.filter(\.isInZennit).map(\.name)))
    }

    @Test("relevance equals the reference's", arguments: layers)
    func relevance(of golden: GoldenLayer) throws {
      let tensors = try GoldenFiles.tensors("rules")
      let setting = try GoldenLayerSetting(golden, tensors)
      for golden in golden.cases {
        let name = "\(setting.name): \(golden)"
        let found: Tensor
        do {
          found = try setting.run(golden, tensors).relevance
        } catch {
          Issue.record("rules/\(name): \(error)")
          continue
        }
        GoldenComparison.check(
          found, try tensors.tensor(golden.result.key), golden.result, group: "rules", name: name,
          headings: setting.headings(golden))
      }
    }

    @Test("the layer's output equals the reference's", arguments: layers)
    func output(of golden: GoldenLayer) throws {
      let tensors = try GoldenFiles.tensors("rules")
      let setting = try GoldenLayerSetting(golden, tensors)
      let found = try setting.output(for: "mixed", tensors)
      let expected = try tensors.tensor(golden.output)
      #expect(found.shape == expected.shape)
      #expect(
        GoldenComparison.relativeError(found.rowMajorElements(), expected.rowMajorElements()) < 1e-6,
        "\(golden.name)")
    }

    /// What biases and the stabilizer absorb is computed, not inferred; for rules that share out all that arrives,
    /// nothing else may be missing.
    @Test("the terms of the ledger add up", arguments: layers.filter { GoldenLayerSetting.sharesOut($0.kind) })
    func ledger(of golden: GoldenLayer) throws {
      let tensors = try GoldenFiles.tensors("rules")
      let setting = try GoldenLayerSetting(golden, tensors)
      for golden in golden.cases {
        guard let rule = golden.rule, GoldenLayerSetting.accountedRules.contains(rule) else { continue }
        let name = "\(setting.name): \(golden)"
        let (found, entry) = try setting.run(golden, tensors)
        let ledger = try #require(entry, "\(name) has no ledger")
        #expect(ledger.outgoing.count == found.shape.batch)
        let arrived = try tensors.tensor(setting.relevanceKey)
        // Gamma has no branch for outputs of exactly zero; what arrives there is lost, and only that.
        let lost = rule == "Gamma" ? try setting.relevanceAtZeros(golden.input, tensors) : ledger.other.map { _ in 0 }
        for sample in ledger.outgoing.indices {
          let size = magnitude(arrived, sample) + magnitude(found, sample)
          let gap = abs(ledger.other[sample] - lost[sample]) / size
          #expect(gap <= 1e-5, "\(name), sample \(sample): \(ledger.other[sample]) of \(size) unexplained")
        }
      }
    }

    /// Σ|R| of one sample.
    private func magnitude(_ tensor: Tensor, _ sample: Int) -> Double {
      tensor.sample(sample).rowMajorElements().reduce(0.0) { $0 + Double(abs($1)) }
    }
  }
}
