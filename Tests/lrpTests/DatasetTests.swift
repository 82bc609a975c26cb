import Foundation
import Heatmaps
import ModelFormats
import Tensors
import Testing

/// `lrp attribute --dataset`: zennit's example program.
@Suite struct DatasetTests {
  /// Fashion pictures in ten folders; class 6 is empty.
  private static let pictures = [
    (0, "t_shirt"), (1, "trouser"), (2, "pullover"), (3, "dress"), (4, "coat"), (5, "sandal"), (7, "sneaker"),
    (8, "bag"), (9, "ankle_boot"),
  ]

  private static func prepare() throws -> Scratch {
    let scratch = try Scratch()
    for index in 0..<10 { try scratch.makeFolder("val/\(index)") }
    for (index, name) in pictures {
      try FileManager.default.copyItem(
        atPath: Program.asset("images/fashion_\(name).png"), toPath: scratch.path("val/\(index)/\(name).png"))
    }
    return scratch
  }

  /// Explains the folder, in it.
  private static func explain(
    _ scratch: Scratch, _ options: String, output: String = "h/{sample:02d}.npy", status: Int32 = 0
  ) throws -> Program.Result {
    let arguments = ["attribute", "--model", "fashion_resnet", "--dataset", "val", "--output", output]
    let result = try Program.run(
      arguments + options.split(separator: " ").map(String.init), in: scratch.folder)
    #expect(result.status == status, "\(options): \(result.errors)")
    return result
  }

  private static func names(_ scratch: Scratch, _ folder: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: scratch.path(folder))) ?? []).sorted()
  }

  @Test func explainsAFolderAsTheExampleProgramDoes() throws {
    let scratch = try Self.prepare()
    let result = try Self.explain(
      scratch, "--inputs-output in/{class}_{name}.png --batch-size 4 --relevance-norm absolute --cmap hot",
      output: "h/{label}/{sample:03d}.png")
    #expect(result.output == "Accuracy: 1.00 (9 of 9)\n")
    #expect(result.errors.isEmpty)
    #expect(Self.names(scratch, "h/7") == ["006.png"] && Self.names(scratch, "h").filter { $0.first != "." }.count == 9)
    let heatmap = try Picture(contentsOfFile: scratch.path("h/9/008.png"))
    #expect(heatmap.width == 28 && heatmap.height == 28)
    // The input is the picture itself, for it is as large as the model wants it.
    let seen = try Picture(contentsOfFile: scratch.path("in/9_ankle_boot.png"))
    #expect(try seen == Picture(contentsOfFile: Program.asset("images/fashion_ankle_boot.png")))
    // A heatmap is what the picture alone gives.
    let single = try Program.run([
      "attribute", "--model", "fashion_resnet", "--input", Program.asset("images/fashion_ankle_boot.png"), "--target",
      "9", "--relevance-norm", "absolute", "--cmap", "hot", "--output", scratch.path("single.png"),
    ])
    #expect(single.status == 0)
    #expect(try Picture(contentsOfFile: scratch.path("single.png")) == heatmap)
  }

  @Test(arguments: [
    "", "--no-bias --no-residual", "--attributor smoothgrad --iterations 3 --seed 5 --composite epsilon_plus",
    "--attributor integrated-gradients --iterations 3 --composite none", "--attributor input-times-gradient",
    "--attributor occlusion --window 14,14 --stride 7,7", "--composite guided_backprop --target top1",
    "--composite beta_smooth --target 3 --output-relevance one",
  ])
  func resultsDoNotDependOnTheBatch(options: String) throws {
    let scratch = try Self.prepare()
    for size in [1, 4, 9] {
      _ = try Self.explain(scratch, "--batch-size \(size) \(options)", output: "h\(size)/{sample}.npy")
    }
    for sample in 0..<9 {
      let one = try NPYFile.read(scratch.path("h1/\(sample).npy"))
      #expect(one.shape == [1, 1, 28, 28] && one.isFinite)
      for size in [4, 9] {
        let other = try NPYFile.read(scratch.path("h\(size)/\(sample).npy"))
        #expect(Arrays.distance(other, one) < 1e-5, "\(options), sample \(sample), batches of \(size)")
      }
    }
  }

  @Test func aChoiceIsDrawnFromTheSeed() throws {
    let scratch = try Self.prepare()
    func chosen(_ options: String, _ folder: String) throws -> [String] {
      let output = "\(folder)/{sample}_{name}.png"
      let result = try Self.explain(scratch, "--max-samples 4 \(options)", output: output)
      #expect(result.output == "Accuracy: 1.00 (4 of 4)\n")
      return Self.names(scratch, folder).filter { $0.first != "." }
    }
    #expect(try chosen("--no-shuffle", "a") == ["0_t_shirt.png", "1_trouser.png", "2_pullover.png", "3_dress.png"])
    let first = try chosen("--shuffle --seed 1", "b")
    #expect(try chosen("--shuffle --seed 1", "c") == first)
    #expect(try chosen("--shuffle --seed 2", "d") != first)
    #expect(first.map { $0.prefix(1) } == ["0", "1", "2", "3"])
  }

  @Test func goesOnWhereItWas() throws {
    let scratch = try Self.prepare()
    let options = "--batch-size 3"
    _ = try Self.explain(scratch, options)
    func date(_ sample: Int) throws -> Date? {
      try FileManager.default.attributesOfItem(atPath: scratch.path("h/0\(sample).npy"))[.modificationDate] as? Date
    }
    let before = try (0..<9).map(date)
    // One result is gone, and the record's last line was being written when the power failed.
    try FileManager.default.removeItem(atPath: scratch.path("h/02.npy"))
    let record = scratch.path("h/.{sample:02d}.npy.run")
    let text = try String(contentsOfFile: record, encoding: .utf8)
    try Data(text.utf8.dropLast(9)).write(to: URL(fileURLWithPath: record))
    // The batch size is none of the settings that results depend on.
    let again = try Self.explain(scratch, "--batch-size 5")
    #expect(again.output == "Accuracy: 1.00 (9 of 9)\n")
    #expect(again.errors == "7 of 9 pictures were done by an earlier run.\n")
    let after = try (0..<9).map(date)
    #expect(zip(before, after).map { $0 == $1 } == [true, true, false, true, true, true, true, true, false])
    #expect(try Set(String(contentsOfFile: record, encoding: .utf8).split(separator: "\n")).count == 10)
    // Another composite is another run.
    let other = try Self.explain(scratch, "--composite epsilon_plus")
    #expect(other.errors.contains("results of another run (--composite) are replaced"))
    #expect(try date(0) != before[0])
  }

  @Test func anInterruptedRunKeepsWhatIsDone() throws {
    let scratch = try Self.prepare()
    let arguments = [
      "attribute", "--model", "fashion_resnet", "--dataset", "val", "--output", "h/{sample}.npy", "--batch-size", "1",
      "--attributor", "smoothgrad", "--iterations", "60",
    ]
    let first = try Program.run(arguments, in: scratch.folder, interruptedAfter: 0.6)
    let done = Self.names(scratch, "h").filter { $0.hasSuffix(".npy") }
    if first.status == 0 {
      // The machine was quicker than the signal; then everything is there.
      #expect(done.count == 9)
      return
    }
    #expect(first.status == 130, "\(first.errors)")
    #expect(first.errors.contains("the same command goes on from here") && first.errors.hasSuffix("interrupted\n"))
    #expect(first.output.isEmpty)
    #expect(!Self.names(scratch, "h").contains { $0.hasPrefix(".lrp-") })
    for name in done { #expect(try NPYFile.read(scratch.path("h/" + name)).shape == [1, 1, 28, 28]) }
    let second = try Program.run(arguments, in: scratch.folder)
    #expect(second.status == 0 && second.output == "Accuracy: 1.00 (9 of 9)\n")
    #expect(done.isEmpty || second.errors.contains("\(done.count) of 9 pictures were done"))
    // What was put together from two runs is what one run gives.
    var whole = arguments
    whole[6] = "w/{sample}.npy"
    _ = try Program.run(whole, in: scratch.folder)
    for sample in 0..<9 {
      let pair = try ["h", "w"].map { try NPYFile.read(scratch.path("\($0)/\(sample).npy")) }
      #expect(Arrays.distance(pair[0], pair[1]) == 0)
    }
  }

  @Test func whatIsNoPictureIsLeftOut() throws {
    let scratch = try Self.prepare()
    _ = try scratch.write("not a picture", to: "val/3/broken.png")
    _ = try scratch.write("notes", to: "val/9/notes.txt")
    _ = try scratch.write("hidden", to: "val/9/.hidden.png")
    let result = try Self.explain(scratch, "")
    #expect(result.output == "Accuracy: 1.00 (9 of 9)\n")
    let lines = result.errors.split(separator: "\n")
    #expect(
      lines == [
        "Warning: no pictures, left out: val/9/notes.txt",
        "Warning: val/3/broken.png: this is text, no picture; give a PNG, JPEG or WebP file; left out",
        "Warning: 1 of 10 pictures could not be read",
      ])
    // It keeps its number.
    #expect(!Self.names(scratch, "h").contains("03.npy") && Self.names(scratch, "h").contains("09.npy"))
  }

  @Test func foldersCalledLikeClassesAreQuestioned() throws {
    let scratch = try Scratch()
    for (folder, name) in [("Bag", "bag"), ("Sneaker", "sneaker")] {
      try scratch.makeFolder("val/\(folder)")
      try FileManager.default.copyItem(
        atPath: Program.asset("images/fashion_\(name).png"), toPath: scratch.path("val/\(folder)/a.png"))
    }
    let result = try Self.explain(scratch, "")
    #expect(result.output == "Accuracy: 0.00 (0 of 2)\n")
    #expect(result.errors.contains("the folder 'Bag' is number 0 by name, which is 0 T-shirt/top to fashion_resnet"))
  }

  @Test(arguments: [
    ("h/x.png", "", 1, "h/x.png: no field found, {sample} expected"),
    ("h/{smple}.png", "", 1, "{smple} found, {class}, {label}, {name}, {sample} expected"),
    ("h/{sample}.gif", "", 1, "the extension .gif found, .npy or .png or .safetensors expected"),
    ("h/{name:1}.png", "--inputs-output h/{name}.png", 1, "would overwrite the result of val/0/t_shirt.png"),
    ("val/{class}/{name}.png", "", 1, "would overwrite val/"),
    ("h/{sample}.png", "--model fashion_mlp --weights none.pth", 1, "none.pth: no such file"),
    ("h/{sample}.png", "--max-samples 0", 64, "--max-samples: 0 found, at least 1 expected"),
    ("h/{sample}.png", "--input a.png", 64, "both --input and --dataset found, one of them expected"),
    ("h/{sample}.png", "--ledger l.csv", 64, "--ledger belong to --input"),
    ("h/{sample}.png", "--composite none --no-bias", 1, "--no-bias: of presets only; 'none' has no rules"),
    ("h/{sample}.png", "--dataset nowhere", 1, "nowhere: no such file"),
  ])
  func mistakes(output: String, options: String, status: Int32, words: String) throws {
    let scratch = try Self.prepare()
    let result = try Self.explain(scratch, options, output: output, status: status)
    #expect(result.errors.contains(words), "\(result.errors)")
    #expect(result.output.isEmpty)
  }

  @Test func tooManyFoldersAreAMistake() throws {
    let scratch = try Self.prepare()
    try FileManager.default.moveItem(atPath: scratch.path("val/9"), toPath: scratch.path("val/99"))
    try scratch.makeFolder("val/98")
    let result = try Self.explain(scratch, "", status: 1)
    #expect(result.errors.contains("val/99/ankle_boot.png: is in folder number 10, counted from 0 by name"))
    #expect(try Self.explain(scratch, "--target top1").status == 0)
  }

  @Test func switchesThatChangeNothingAreSaid() throws {
    let scratch = try Self.prepare()
    let result = try Self.explain(scratch, "--model fashion_vgg --no-residual --no-bias --composite deconvnet")
    #expect(result.errors.contains("--no-bias has no effect: the rules of deconvnet use no biases"))
    #expect(result.errors.contains("--no-residual has no effect: fashion_vgg has no Sum layers"))
  }
}

extension Scratch {
  func makeFolder(_ name: String) throws {
    try FileManager.default.createDirectory(atPath: path(name), withIntermediateDirectories: true)
  }
}
