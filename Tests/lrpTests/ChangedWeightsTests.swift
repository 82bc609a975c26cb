import Foundation
import Testing

/// Weights that are overwritten while a command computes with them: nothing that came of it is a result.
@Suite struct ChangedWeightsTests {
  @Test(arguments: [
    "attribute --output r.npy --attributor smoothgrad --iterations 8000 --input BAG",
    "attribute --dataset val --output h/{sample}.npy --attributor smoothgrad --iterations 8000",
    "evaluate --output e.json --steps 784 --block 1 --batch-size 1 --input BAG --input BAG",
    "evaluate --metric relevance-share --rectangle 2,2,5,5 --output e.json --input MANY",
    "profile --repeats 2000",
  ])
  func areAnError(_ command: String) throws {
    let scratch = try Scratch()
    let weights = scratch.path("weights.safetensors")
    let files = FileManager.default
    try FloatWeights.copy("fashion_vgg", to: weights)
    try files.createDirectory(atPath: scratch.path("val/8"), withIntermediateDirectories: true)
    let bag = Program.asset("images/fashion_bag.png")
    try files.copyItem(atPath: bag, toPath: scratch.path("val/8/bag.png"))
    let words = command.split(separator: " ").flatMap { word -> [String] in
      switch word {
      case "BAG": [bag]
      // So many that it takes a while.
      case "MANY": [String](repeating: bag, count: 4000).flatMap { ["--input", $0] }.dropFirst().map { $0 }
      default: [String(word)]
      }
    }
    let result = try Program.run(
      words + ["--model", "fashion_vgg", "--weights", weights], in: scratch.folder
    ) { process in
      let end = Date(timeIntervalSinceNow: 60)
      while Date() < end {
        let maps = (try? String(contentsOfFile: "/proc/\(process)/maps", encoding: .utf8)) ?? ""
        if maps.contains(weights) { break }
        usleep(500)
      }
      // Time for opening to end, and for computing to begin.
      usleep(300_000)
      truncate(weights, 1000)
    }
    #expect(result.status == 1 && !result.wasKilled, "\(result.errors)")
    #expect(result.errors.contains(weights) && result.errors.contains("overwritten while in use"), "\(result.errors)")
    #expect(result.output.isEmpty)
    for name in ["r.npy", "e.json", "h/0.npy"] { #expect(!files.fileExists(atPath: scratch.path(name))) }
  }
}
