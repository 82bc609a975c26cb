import Foundation
import Heatmaps
import ModelFormats
import Tensors
import Testing

/// `lrp evaluate`: pixel flipping and relevance shares.
@Suite struct EvaluateTests {
  private static let bag = Program.asset("images/fashion_bag.png")

  private struct Curves: Decodable {
    struct Order: Decodable {
      let name: String
      let fraction, logit, probability: [Double]
      // swift-format-ignore: AlwaysUseLowerCamelCase
      let logit_area_under, probability_area_under, probability_area_over: Double
    }
    let model, mode, fill: String
    let block: Int
    let orders: [Order]
  }

  private static func run(_ options: String, in scratch: Scratch, status: Int32 = 0) throws -> Program.Result {
    let result = try Program.run(
      ["evaluate", "--model", "fashion_vgg", "--input", bag] + options.split(separator: " ").map(String.init),
      in: scratch.folder)
    #expect(result.status == status, "\(options): \(result.errors)")
    return result
  }

  private static func curves(_ scratch: Scratch, _ name: String) throws -> Curves {
    try JSONDecoder().decode(Curves.self, from: Data(contentsOf: URL(fileURLWithPath: scratch.path(name))))
  }

  @Test func explanationsBeatARandomOrder() throws {
    let scratch = try Scratch()
    let options = "--composite epsilon_plus --composite none --block 4 --steps 20 --fill black"
    let printed = try Self.run("\(options) --output deletion.json", in: scratch).output
    let lines = printed.split(separator: "\n")
    #expect(lines.count == 4 && lines[1].hasPrefix("epsilon_plus ") && lines[3].hasPrefix("random order "))
    let deletion = try Self.curves(scratch, "deletion.json")
    #expect(deletion.orders.map(\.name) == ["epsilon_plus", "none", "random order"])
    #expect(deletion.mode == "deletion" && deletion.block == 4 && deletion.model == "fashion_vgg")
    let (lrp, random) = (deletion.orders[0], deletion.orders[2])
    #expect(lrp.fraction.count == 21 && lrp.fraction.first == 0 && lrp.fraction.last == 1)
    // All begin with the picture and end with a black one.
    #expect(deletion.orders.allSatisfy { $0.logit.first == lrp.logit.first })
    for order in deletion.orders { #expect(abs((order.logit.last ?? 0) - (lrp.logit.last ?? 1)) < 1e-4) }
    #expect(lrp.probability[0] > 0.9)
    #expect(lrp.logit_area_under < random.logit_area_under)
    #expect(abs(lrp.probability_area_over + lrp.probability_area_under - lrp.probability[0]) < 1e-12)
    // Insertion is deletion's other way round.
    _ = try Self.run("\(options) --mode insertion --output insertion.json", in: scratch)
    let insertion = try Self.curves(scratch, "insertion.json")
    #expect(insertion.orders[0].logit_area_under > insertion.orders[2].logit_area_under)
    #expect(abs((insertion.orders[0].logit.last ?? 0) - lrp.logit[0]) < 1e-4)
  }

  /// Numbers so large that float32 cannot add them up.
  @Test func whatIsNoNumberIsNullInJSON() throws {
    let scratch = try Scratch()
    try NPYFile.write(Arrays.random([1, 1, 28, 28]).map { 1e38 * abs($0) }, to: scratch.path("x.npy"))
    let result = try Program.run(
      ["evaluate", "--model", "fashion_vgg", "--input", "x.npy", "--steps", "4", "--output", "c.json"],
      in: scratch.folder)
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.errors.contains("the model's output is not finite") && result.output.contains(" NaN"))
    let data = try Data(contentsOf: URL(fileURLWithPath: scratch.path("c.json")))
    let document = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    let order = try #require((document["orders"] as? [[String: Any]])?.first)
    #expect(order["logit_area_under"] is NSNull)
    #expect((order["logit"] as? [Any])?.first is NSNull && (order["fraction"] as? [Double])?.count == 5)
  }

  @Test func curvesDoNotDependOnTheBatch() throws {
    let scratch = try Scratch()
    for size in [1, 7] {
      _ = try Self.run("--steps 9 --fill blur --batch-size \(size) --output \(size).json", in: scratch)
    }
    let curves = try [1, 7].map { try Self.curves(scratch, "\($0).json") }
    for (a, b) in zip(curves[0].orders, curves[1].orders) {
      for (x, y) in zip(a.logit, b.logit) { #expect(abs(x - y) < 1e-4) }
    }
    #expect(curves[0].fill == "blurred by 1.4 pixels")
  }

  @Test func severalInputsGiveTheMean() throws {
    let scratch = try Scratch()
    try NPYFile.write(Arrays.random([2, 1, 28, 28]), to: scratch.path("x.npy"))
    func logits(_ inputs: [String]) throws -> [Double] {
      let arguments = ["evaluate", "--model", "fashion_mlp", "--target", "3", "--steps", "4", "--output", "c.json"]
      let result = try Program.run(arguments + inputs.flatMap { ["--input", $0] }, in: scratch.folder)
      #expect(result.status == 0, "\(result.errors)")
      return try Self.curves(scratch, "c.json").orders[0].logit
    }
    let array = try NPYFile.read(scratch.path("x.npy"))
    for index in 0..<2 { try NPYFile.write(array.sample(index), to: scratch.path("\(index).npy")) }
    let (first, second) = try (logits(["0.npy"]), logits(["1.npy"]))
    for both in try [logits(["x.npy"]), logits(["0.npy", "1.npy"])] {
      for (index, value) in both.enumerated() { #expect(abs(value - (first[index] + second[index]) / 2) < 1e-4) }
    }
  }

  @Test func tablesAndFiguresAreWritten() throws {
    let scratch = try Scratch()
    _ = try Self.run("--steps 5 --output c.csv", in: scratch)
    let lines = try String(contentsOfFile: scratch.path("c.csv"), encoding: .utf8).split(separator: "\n")
    #expect(lines[0] == "order,fraction,logit,probability" && lines.count == 1 + 2 * 6)
    for quantity in ["probability", "logit"] {
      _ = try Self.run("--steps 5 --quantity \(quantity) --output \(quantity).png", in: scratch)
      let picture = try Picture(contentsOfFile: scratch.path("\(quantity).png"))
      #expect(picture.width > 300 && picture.height > 200)
    }
    let share = "--metric relevance-share --rectangle 7,7,14,14 --composite epsilon_plus --composite none"
    for ending in ["csv", "json", "svg"] { _ = try Self.run("\(share) --output s.\(ending)", in: scratch) }
    #expect(try String(contentsOfFile: scratch.path("s.svg"), encoding: .utf8).contains("<svg"))
  }

  @Test func sharesAreThoseOfTheRelevance() throws {
    let scratch = try Scratch()
    let result = try Self.run(
      "--metric relevance-share --rectangle 4,0,10,20 --composite epsilon_plus --target 8 --output s.csv", in: scratch)
    let lines = result.output.split(separator: "\n")
    #expect(lines.count == 2 && lines[0].contains("of positive") && lines[1].hasPrefix("epsilon_plus"))
    let written = try String(contentsOfFile: scratch.path("s.csv"), encoding: .utf8)
    let fields = written.split(separator: "\n")[1].split(separator: ",").map(String.init)
    let explained = try Program.run([
      "attribute", "--model", "fashion_vgg", "--input", Self.bag, "--composite", "epsilon_plus", "--target", "8",
      "--output", scratch.path("r.npy"),
    ])
    #expect(explained.status == 0)
    let relevance = try NPYFile.read(scratch.path("r.npy")).rowMajorElements().map(Double.init)
    let inside = (0..<20).reduce(0.0) { sum, row in (4..<14).reduce(sum) { $0 + relevance[row * 28 + $1] } }
    // The rectangle is quoted and has commas itself: fields 2 to 5.
    #expect(abs((Double(fields[6]) ?? .nan) - inside) < 1e-6 * abs(inside))
    #expect(abs((Double(fields[8]) ?? .nan) - inside / relevance.reduce(0, +)) < 1e-6)
  }

  @Test(arguments: [
    ("--metric relevance-share", 64, "relevance-share needs --rectangle x,y,width,height"),
    ("--metric relevance-share --rectangle 0,0,29,1", 1, "the rectangle 0,0,29,1"),
    ("--metric relevance-share --rectangle 0,0,2", 64, "x,y,w,h"),
    ("--metric relevance-share --rectangle 0,0,1,1 --block 3", 64, "--block belongs to pixel-flipping"),
    ("--rectangle 0,0,1,1", 64, "--rectangle belongs to --metric relevance-share"),
    ("--block 0", 64, "--block: 0 found, at least 1 expected"), ("--fill grey", 64, "fill"),
    ("--fill 1,2,3", 1, "a fill of 3 values found, a finite number expected"),
    ("--output c.gif", 1, "the extension .gif found"), ("--composite epsilon_pluss", 1, "did you mean 'epsilon_plus'"),
    ("--target 10", 1, "no class '10'"),
  ])
  func mistakes(options: String, status: Int32, words: String) throws {
    let scratch = try Scratch()
    let result = try Self.run(options, in: scratch, status: status)
    #expect(result.errors.contains(words), "\(result.errors)")
    #expect(result.output.isEmpty && scratch.names.isEmpty)
  }
}
