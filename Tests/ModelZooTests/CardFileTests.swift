import FileSystem
import Foundation
import ModelZoo
import Tensors
import Testing

/// A broken card and what its message must say.
struct BadCard: Sendable, CustomTestStringConvertible {
  let text: String
  let place: String
  let words: [String]
  var testDescription: String { text.replacing("\n", with: "⏎") }

  init(_ text: String, at place: String, _ words: String...) {
    self.text = "version: 1\n" + text
    self.place = place
    self.words = words
  }
}

@Suite struct CardFileTests {
  private static func card(_ text: String, name: String = "card.yaml") throws -> CardFile {
    let folder = try TemporaryFolder()
    let path = folder.path + "/" + name
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    return try CardFile(contentsOf: path)
  }

  @Test func everyKeyIsRead() throws {
    let card = try Self.card(
      """
      version: 1
      name: mine
      summary: "A net: with ümlauts"
      file: nets/a.pth
      architecture: resnet18
      classes: 2
      input: [3, 64, 64]
      layout: NHWC
      color: bgr
      resize: 70
      filter: bicubic
      crop: 64
      scale: 255
      mean: [103.94, 116.78, 123.68]
      std: 57
      labels: [cat, "no: dog"]
      composite: rules/mine.yaml
      canonizers: []
      """)
    let folder = (card.path as NSString).deletingLastPathComponent
    #expect(card.name == "mine" && card.summary == "A net: with ümlauts" && card.file == folder + "/nets/a.pth")
    #expect(card.architecture == "resnet18" && card.classes == 2 && card.input == [3, 64, 64])
    #expect(card.layout == .channelsLast && card.color == .bgr && card.resize == 70 && card.filter == .bicubic)
    #expect(card.crop == 64 && card.scale == 255 && card.mean == [103.94, 116.78, 123.68] && card.std == [57])
    #expect(card.labels == .list(["cat", "no: dog"]) && card.composite == folder + "/rules/mine.yaml")
    #expect(card.canonizers == [])
    #expect(card.place(of: "labels").hasSuffix("card.yaml:16:9"))
  }

  static let bad: [BadCard] = [
    BadCard("colour: rgb", at: "2:1", "the key 'colour' found", "did you mean 'color'?"),
    BadCard("color: rbg", at: "2:8", "'rbg' found", "(rgb, bgr, grey) expected", "did you mean"),
    BadCard("architecture: resnet05", at: "2:15", "'resnet05' found", "did you mean 'resnet"),
    BadCard("input: [3, 224]", at: "2:8", "2 numbers found", "[channels, height, width] expected"),
    BadCard("input: [4, 224, 224]", at: "2:9", "4 channels found", "1 (grey) or 3 (colours) expected"),
    BadCard("input: [3, 224, 200]", at: "2:8", "224x200 pixels found", "square"),
    BadCard("input: [3, 99999999999, 1]", at: "2:12", "1 to 4096"),
    BadCard("input: [3, -1, -1]", at: "2:12", "-1 found"),
    BadCard("resize: 0", at: "2:9", "0 found"),
    BadCard("resize: \"256\"", at: "2:9", "the text \"256\" found"),
    BadCard("resize: 100\ncrop: 224", at: "2:9", "resize: 100 found, at least 224 expected"),
    BadCard("input: [3, 64, 64]\ncrop: 65", at: "3:7", "crop: 65 found, 64 expected"),
    BadCard("input: [1, 64, 64]\ncolor: rgb", at: "3:8", "rgb found, which has 3 channels; input has 1"),
    BadCard("mean: [0.5, 0.5]", at: "2:7", "2 numbers found, 1 or 3"),
    BadCard("color: grey\nmean: [0.5, 0.5, 0.5]", at: "3:7", "mean: 3 numbers found, 1 or 1"),
    BadCard("mean: .nan", at: "2:7", "'.nan' found"),
    BadCard("mean: 1e300", at: "2:7", "float32"),
    BadCard("std: 0", at: "2:6", "above 0"),
    BadCard("std: [0.2, -1, 0.2]", at: "2:12", "above 0"),
    BadCard("std: 1e-45", at: "2:6", "above 0"),
    BadCard("scale: 0", at: "2:8", "above 0"),
    BadCard("layout: NWHC", at: "2:9", "(NCHW, NHWC) expected", "did you mean"),
    BadCard("filter: bilinar", at: "2:9", "did you mean 'bilinear'?"),
    BadCard("classes: 0", at: "2:10", "0 found"),
    BadCard("classes: 100000000", at: "2:10", "1 to 100000"),
    BadCard("labels: imagnet", at: "2:9", "did you mean 'imagenet'?"),
    BadCard("labels: [\"a\\eb\"]", at: "2:10", "control characters"),
    BadCard("classes: 3\nlabels: [a, b]", at: "3:9", "labels: 2 found, 3 expected"),
    BadCard("labels: ../../secret.txt", at: "2:9", "own folder expected"),
    BadCard("labels: /etc/passwd", at: "2:9", "own folder expected"),
    BadCard("file: ~/a.onnx", at: "2:7", "own folder expected"),
    BadCard("composite: a/../../b.yaml", at: "2:12", "own folder expected"),
    BadCard("canonizers: SequentialMergeBatchNorm", at: "2:13", "a list of canonizers"),
    BadCard("name: [a]", at: "2:7", "a list found"),
    BadCard("name: a\nname: b", at: "2:1", "'name' is there twice"),
    BadCard("summary: &a x", at: "2:10", "anchor"),
    BadCard("summary: !!python/object x", at: "2:10", "tag"),
    BadCard("x: [", at: "3:1", "no valid YAML"),
  ]

  @Test(arguments: bad) func brokenCardsSayWhere(_ bad: BadCard) throws {
    let error = #expect(throws: ModelZooError.self) { try Self.card(bad.text) }
    let message = error?.description ?? ""
    #expect(message.contains("card.yaml:\(bad.place): "), "\(message)")
    for word in bad.words { #expect(message.contains(word), "\(message)") }
  }

  @Test func whatIsNoCardAtAll() throws {
    for text in ["", "# nothing", "[1]", "version: 2", "name: x", "\u{0}", String(repeating: "x", count: 2 << 20)] {
      #expect(throws: ModelZooError.self) { try Self.card(text) }
    }
    #expect(throws: FileError.self) { try CardFile(contentsOf: "/nowhere/card.yaml") }
  }

  /// Seeded damage to a whole card: an error or a card, never anything else.
  @Test func damagedCardsNeverTrap() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/card.yaml"
    let whole = Array(
      """
      version: 1
      input: [3, 64, 64]
      color: bgr
      resize: 70
      mean: [103.94, 116.78, 123.68]
      labels: [cat, "no: dog"]
      composite: mine.yaml
      """.utf8)
    var generator = SplitMix64(seed: 5)
    for _ in 0..<1500 {
      var bytes = whole
      for _ in 0...Int(generator.next() % 3) {
        let place = Int(generator.next() % UInt64(bytes.count))
        switch generator.next() % 3 {
        case 0: bytes[place] = UInt8(truncatingIfNeeded: generator.next())
        case 1: bytes.removeSubrange(place..<min(bytes.count - 1, place + Int(generator.next() % 9)))
        default: bytes.insert(contentsOf: "[{:&*!|>-\"'\n\t#0".utf8.shuffled(using: &generator).prefix(2), at: place)
        }
        if bytes.isEmpty { bytes = [0] }
      }
      try Data(bytes).write(to: URL(fileURLWithPath: path))
      do {
        let card = try CardFile(contentsOf: path)
        #expect(!card.path.isEmpty)
      } catch is ModelZooError {
      }
    }
  }
}
