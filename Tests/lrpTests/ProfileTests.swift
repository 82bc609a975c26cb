import Foundation
import Testing

@Suite struct ProfileTests {
  private static let arguments = ["profile", "--model", "fashion_vgg", "--composite", "epsilon_plus", "--repeats", "2"]

  @Test func theTableSaysWhatEveryLayerTook() throws {
    let result = try Program.run(Self.arguments)
    #expect(result.status == 0, "\(result.errors)")
    let lines = result.output.split(separator: "\n")
    #expect(lines[0].hasPrefix("fashion_vgg, epsilon_plus, batch 1") && lines[1].contains("GFLOP/s"))
    #expect(lines[2].hasPrefix("name") && lines[2].hasSuffix("lost"))
    #expect(lines.allSatisfy { $0.count <= 80 }, "\(result.output)")
    let layers = try Program.run(["layers", "--model", "fashion_vgg", "--composite", "epsilon_plus"]).output
    // A layer's line begins with its number; the input takes no time.
    let numbered = layers.split(separator: "\n").filter { $0.drop { $0 == " " }.first?.isNumber == true }
    #expect(lines.count - 4 == numbered.count - 1)
    #expect(lines.contains { $0.hasPrefix("features.0 ") && $0.contains("ZPlus") && $0.contains(" %") })
    #expect(try #require(lines.last).contains("times the limit"))
    // Memory has no more than 100 %: what is faster was in a cache.
    for line in lines where line.contains("GB/s ") && !line.hasPrefix("measured limits") {
      let words = line.split(separator: " ")
      let unit = try #require(words.firstIndex(of: "GB/s"))
      let share = Int(words[unit + 1])
      #expect(share.map { $0 <= 100 } ?? (words[unit + 1] == "in"), "\(line)")
    }

    let short = try Program.run(Self.arguments + ["--layers", "2"])
    #expect(short.output.split(separator: "\n").count == 7 && short.output.contains("more layers"))
  }

  @Test func jsonHasTheSameWorstFirst() throws {
    let result = try Program.run(Self.arguments + ["--json", "--batch-size", "3"])
    let report = try #require(try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
    #expect(report["batch"] as? Int == 3)
    let layers = try #require(report["layers"] as? [[String: Any]])
    let lost = try layers.map { layer in
      let parts = try ["forward_seconds", "backward_seconds", "limit_seconds"].map {
        try #require(layer[$0] as? Double)
      }
      return parts[0] + parts[1] - parts[2]
    }
    #expect(lost.count > 5 && zip(lost, lost.dropFirst()).allSatisfy { $0 >= $1 - 1e-12 })
    let shares = layers.compactMap { $0["share"] as? Double }.reduce(0, +)
    #expect(shares > 0.2 && shares < 2, "the layers are most of the whole")
  }

  @Test(arguments: [["--repeats", "0"], ["--batch-size", "0"], ["--layers", "0"]])
  func countsArePositive(options: [String]) throws {
    let result = try Program.run(["profile"] + options)
    #expect(result.status == 64 && result.errors.contains("at least 1 expected"))
  }
}
