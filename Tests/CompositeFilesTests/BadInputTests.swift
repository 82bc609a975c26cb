import CompositeFiles
import Foundation
import LRP
import NeuralNetwork
import Tensors
import Testing

/// A broken file and what its message must say.
struct BadFile: Sendable, CustomTestStringConvertible {
  let text: String
  let place: String
  let words: [String]
  var testDescription: String { text.replacing("\n", with: "⏎") }

  init(_ text: String, at place: String, _ words: String...) {
    self.text = text
    self.place = place
    self.words = words
  }

  /// A broken entry of a name map; columns count from its brace.
  static func entry(_ entry: String, at place: String, _ words: String...) -> BadFile {
    var file = BadFile("version: 1\nname_map:\n  - \(entry)", at: place)
    file = BadFile(text: file.text, place: place, words: words)
    return file
  }

  private init(text: String, place: String, words: [String]) {
    (self.text, self.place, self.words) = (text, place, words)
  }
}

/// Nanoseconds of processor time that this thread has taken.
private func processorTime() -> Int {
  var time = timespec()
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
  return time.tv_sec * 1_000_000_000 + time.tv_nsec
}

@Suite struct BadInputTests {
  static let files: [BadFile] = [
    BadFile("", at: "1:1", "nothing found"),
    BadFile("# only a comment", at: "1:1", "nothing found"),
    BadFile("[1, 2]", at: "1:1", "a list found", "composite"),
    BadFile("model: x", at: "1:1", "version: 1"),
    BadFile("version: 2", at: "1:10", "version '2' found"),
    BadFile("version: \"1\"", at: "1:10", "the text \"1\" found"),
    BadFile("version: 1\nversion: 1", at: "1:1", "'version' is there twice"),
    BadFile("version: 1\nnamemap: []", at: "2:1", "'namemap'", "did you mean 'name_map'?"),
    BadFile("version: 1\nname_map: {names: [a]}", at: "2:11", "a mapping found", "a list of entries expected"),
    BadFile("version: 1\nname_map:", at: "2:10", "nothing found", "a list of entries expected"),
    BadFile("version: 1\nmodel: [a]", at: "2:8", "a list found"),
    BadFile("version: 1\n---\nversion: 1", at: "2:1", "no valid YAML", "another document"),
    BadFile("version: 1\nname_map: [", at: "3:1", "no valid YAML"),
    BadFile("version: 1\ncanonizers: ResNetCanonizer", at: "2:13", "'ResNetCanonizer' found", "a list of canonizers"),
    BadFile("version: 1\ncanonizers: [ResNetCanoniser]", at: "2:14", "did you mean 'ResNetCanonizer'?"),
    BadFile("version: 1\ncanonizers: [NamedMergeBatchNorm]", at: "2:14", "what to merge"),
    BadFile("version: 1\ncanonizers: [{VGGCanonizer: []}]", at: "2:15", "takes no arguments"),
    BadFile(
      "version: 1\ncanonizers: [{NamedMergeBatchNorm: [{linear: [a]}]}]", at: "2:37", "no batch_norm found"),
    BadFile("version: 1\nlayer_map: [{types: [Convolutoin], rule: Flat}]", at: "2:22", "did you mean 'Convolution'?"),
    BadFile("version: 1\nlayer_map: [{types: [Add], rule: Norm}]", at: "2:22", "without a module"),
    BadFile("version: 1\nlayer_map: [{names: [a], rule: Norm}]", at: "2:13", "no 'types' found"),
    BadFile("version: 1\nmodel: &m x\n", at: "2:8", "anchor"),
    BadFile("version: 1\nname_map: [{names: [*.conv], rule: Norm}]", at: "2:22", "must be in quotes"),
    BadFile("version: 1\nmodel: !secret x", at: "2:8", "the tag '!secret' found"),
    BadFile("version: 1\n? [a, b]\n: c", at: "2:3", "a list found as a key"),
    .entry("features.0", at: "3:5", "'features.0' found", "{names: [features.0], rule: …} expected"),
    .entry("{rule: Flat}", at: "3:5", "no 'names' found"),
    .entry("{names: [], rule: Flat}", at: "3:13", "an empty list found"),
    .entry("{names: features.0, rule: Flat}", at: "3:13", "'features.0' found", "a list"),
    .entry("{names: [features.0]}", at: "3:5", "no 'rule' found"),
    .entry("{names: [features.0], rule: Gama}", at: "3:33", "did you mean 'Gamma'?", "lrp rules"),
    .entry("{names: [features.0], rule: Pass, rule: Flat}", at: "3:27", "twice"),
    .entry("{names: [features.0], rule: Gamma, gama: 1}", at: "3:40", "did you mean 'gamma'?"),
    .entry("{names: [features.0], rule: Pass, gamma: 1}", at: "3:39", "Pass has no parameters"),
    .entry("{names: [features.0], rule: Gamma, gamma: -1}", at: "3:47", "-1 found", "at least 0"),
    .entry("{names: [features.0], rule: Gamma, gamma: .nan}", at: "3:47", "'.nan' found", "a number of at least 0"),
    .entry("{names: [features.0], rule: Gamma, gamma: nan}", at: "3:47", "'nan' found"),
    .entry("{names: [features.0], rule: Gamma, gamma: 1e999}", at: "3:47", "'1e999' found"),
    .entry("{names: [features.0], rule: Gamma, gamma: 0x10}", at: "3:47", "'0x10' found"),
    .entry("{names: [features.0], rule: Gamma, gamma: \"1\"}", at: "3:47", "the text \"1\" found"),
    .entry("{names: [features.0], rule: Gamma, gamma: [1]}", at: "3:47", "a list found"),
    .entry("{names: [features.0], rule: Gamma, gamma: }", at: "3:47", "nothing found"),
    .entry("{names: [features.0], rule: Epsilon, epsilon: -1}", at: "3:51", "-1 found"),
    .entry("{names: [features.0], rule: Epsilon, epsilon: {eps: 1}}", at: "3:52", "'eps'", "epsilon, clip"),
    .entry("{names: [features.0], rule: Epsilon, epsilon: {clip: yes}}", at: "3:58", "true or false"),
    .entry("{names: [features.0], rule: Epsilon, epsilon: {dim: 1}}", at: "3:51", "norm_scale"),
    .entry("{names: [features.0], rule: AlphaBeta, alpha: 2, beta: 2}", at: "3:33", "must be 1"),
    .entry("{names: [features.0], rule: ZBox, low: 0}", at: "3:33", "'high'"),
    .entry("{names: [features.0], rule: ZBox, low: 1, high: -1}", at: "3:44", "ZBox: low (1) is above high (-1)"),
    .entry("{names: [features.0], rule: ZBox, low: [0, 2, 0], high: 1}", at: "3:44", "low (2) is above high (1)"),
    .entry("{names: [features.0], rule: ZBox, low: [0, 2], high: [1, 1.5]}", at: "3:44", "low (2) is above high (1.5)"),
    .entry("{names: [features.0], rule: ZBox, low: [[[0, 2]]], high: 1}", at: "3:44", "low (2) is above high (1)"),
    .entry("{names: [features.0], rule: ZBox, low: [], high: 1}", at: "3:44", "an empty list found"),
    .entry("{names: [features.0], rule: ZBox, low: [0, x], high: 1}", at: "3:48", "'x' found"),
    .entry("{names: [features.0], rule: ZBox, low: [[0, 1], [2]], high: 1}", at: "3:53", "a list of 1 found, one of 2"),
    .entry("{names: [features.0], rule: Flat, zero_params: [bais]}", at: "3:53", "did you mean 'bias'?"),
    .entry("{names: [features.0], rule: Flat, zero_params: bias}", at: "3:52", "a list of weight, bias"),
    .entry("{names: [features.00], rule: Flat}", at: "3:14", "did you mean 'features.0'?", "lrp layers"),
    .entry("{names: [block.0.add], rule: Norm}", at: "3:14", "without a module", "ResNetCanonizer"),
    .entry("{names: [nothing.*], rule: Flat}", at: "3:14", "no layer of small"),
    .entry("{names: [features.3..features.0], rule: Flat}", at: "3:14", "turn it around"),
    .entry("{names: [features.0..], rule: Flat}", at: "3:14", "first..last"),
    .entry("{names: [features.0..fetures.3], rule: Flat}", at: "3:14", "did you mean 'features.3'?"),
    .entry("{names: [pool], rule: Norm}\n  - {names: [pool], rule: Flat}", at: "4:14", "already has a rule", "line 3"),
    .entry("{names: [features.*], rule: Flat}\n  - {names: [features.0], rule: Pass}", at: "4:13", "first entry wins"),
  ]

  @Test(arguments: files) func namesThePlaceAndWhatIsWrong(_ file: BadFile) throws {
    let network = try smallNetwork()
    let text = message { _ = try read(file.text, network: network) }
    #expect(text.hasPrefix("c.yaml:\(file.place): "), "\(text)")
    for word in file.words { #expect(text.contains(word), "\(text)") }
    #expect(!text.contains("\n"))
  }

  @Test func patternsNeedANetwork() {
    let text = message { _ = try read("version: 1\nname_map: [{names: [features.*], rule: Flat}]") }
    #expect(text.contains("need a model"))
  }

  @Test func aliasBombsAndDeepNestingEndQuickly() {
    var bomb = "version: 1\na0: &a0 [x, x]\n"
    for i in 1..<60 { bomb += "a\(i): &a\(i) [*a\(i - 1), *a\(i - 1)]\n" }
    bomb += "? *a59\n: x\n"
    let deep = "version: 1\nmodel: " + String(repeating: "[", count: 500_000)
    let wide = "version: 1\nmodel: " + String(repeating: "{a: ", count: 100_000)
    for text in [bomb, deep, wide] {
      // The thread's own time: other tests run beside it.
      let start = processorTime()
      #expect(message { _ = try read(text) }.hasPrefix("c.yaml:"))
      #expect(processorTime() - start < 5_000_000_000)
    }
    let large = "version: 1\nmodel: " + String(repeating: "x", count: CompositeDocument.largestSize)
    #expect(message { _ = try read(large) }.contains("at most 1048576"))
  }

  /// Any cut or changed byte gives a document or a message, never a crash.
  @Test func damagedFilesGiveMessages() throws {
    let network = try smallNetwork()
    let good = """
      version: 1
      canonizers: [{NamedMergeBatchNorm: [{linear: [features.0], batch_norm: features.1}]}]
      name_map:
        - {names: [features.0..features.2], rule: ZBox, low: [[-1, 2e-3]], high: 1}
        - {names: [classifier.*], rule: Epsilon, epsilon: {epsilon: 0.25, clip: true}, zero_params: [bias]}
      layer_map: [{types: [Linear], rule: AlphaBeta, alpha: 2, beta: 1}]
      """
    let bytes = Array(good.utf8)
    var generator = SplitMix64(seed: 7)
    for _ in 0..<2000 {
      var damaged = bytes
      for _ in 0..<Int.random(in: 1...3, using: &generator) {
        let index = Int.random(in: 0..<damaged.count, using: &generator)
        switch Int.random(in: 0..<3, using: &generator) {
        case 0: damaged[index] = UInt8.random(in: 0...255, using: &generator)
        case 1: damaged.remove(at: index)
        default: damaged.removeSubrange(index...)
        }
        if damaged.isEmpty { damaged = [0x20] }
      }
      let text = String(decoding: damaged, as: UTF8.self)
      do {
        _ = try read(text, network: network)
      } catch {
        #expect("\(error)".hasPrefix("c.yaml:"))
      }
    }
  }
}
