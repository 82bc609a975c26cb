import Foundation
import ModelFormats
import Tensors
import Testing

/// Something that cannot be done, and what the message must say.
struct BadCommand: Sendable, CustomTestStringConvertible {
  let arguments: [String]
  let words: [String]
  var status: Int32 = 1
  var testDescription: String { arguments.joined(separator: " ") }

  init(_ line: String, _ words: String..., status: Int32 = 1) {
    arguments = line.split(separator: " ").map(String.init)
    self.words = words
    self.status = status
  }
}

@Suite struct BadInputTests {
  /// Files that the commands below name.
  private static func prepare() throws -> Scratch {
    let scratch = try Scratch()
    _ = try scratch.write("not a picture", to: "text.png")
    _ = try scratch.write("\u{89}PNG\r\n\u{1A}\n", to: "short.png")
    _ = try scratch.write("version: 1\nname_map: [{names: [conv_stm], rule: Flat}]", to: "layer.yaml")
    _ = try scratch.write("version: 1\nname_map: [{names: [conv_stem], rule: Gama}]", to: "rule.yaml")
    _ = try scratch.write("version: 1\nname_map: [{names: [avgpool], rule: Pass}]", to: "shape.yaml")
    _ = try scratch.write("precious", to: "old.npy")
    try NPYFile.write(Tensor([1, 3, 224, 224], filledWith: .nan), to: scratch.path("nan.npy"))
    try NPYFile.write(Tensor([1, 1, 28, 28], filledWith: 0), to: scratch.path("grey.npy"))
    try NPYFile.write(Tensor([1, 3, 2, 2], filledWith: 0), to: scratch.path("small.npy"))
    var weights = try SafetensorsFile(path: Program.asset("models/fashion_mlp.safetensors"))
    var tensors = try weights.entries.map { (name: $0.name, tensor: try weights.tensor($0)) }
    tensors[0].tensor = Tensor(tensors[0].tensor.shape, filledWith: .nan)
    try SafetensorsFile.write(tensors, to: scratch.path("nan.safetensors"))
    weights = try SafetensorsFile(path: scratch.path("nan.safetensors"))
    let bytes = try Data(contentsOf: URL(fileURLWithPath: scratch.path("nan.safetensors")))
    try bytes.prefix(5000).write(to: URL(fileURLWithPath: scratch.path("cut.safetensors")))
    try FileManager.default.createDirectory(atPath: scratch.path("folder"), withIntermediateDirectories: false)
    _ = try scratch.write("", to: "empty.npy")
    try NPYFile.write(Tensor([0, 3, 224, 224], filledWith: 0), to: scratch.path("hollow.npy"))
    try FileManager.default.createDirectory(atPath: scratch.path("pictures/a"), withIntermediateDirectories: true)
    try FileManager.default.copyItem(
      atPath: Program.asset("images/fashion_ankle_boot.png"), toPath: scratch.path("pictures/a/boot.png"))
    return scratch
  }

  private static let cat = "attribute --input ASSETS/images/chelsea.png"
  private static let mlp = "attribute --model fashion_mlp --input grey.npy --output r.npy"

  static let commands: [BadCommand] = [
    BadCommand("attribute --input none.png --output r.npy", "none.png: no such file"),
    BadCommand("attribute --input folder --output r.npy", "folder: is a folder"),
    BadCommand("attribute --input text.png --output r.npy", "text.png: this is text", "PNG, JPEG or WebP"),
    BadCommand("attribute --input short.png --output r.npy", "short.png"),
    BadCommand("attribute --input nan.npy --output r.npy", "nan.npy", "NaN"),
    BadCommand("attribute --input grey.npy --output r.npy", "(1, 1, 28, 28) found", "(N, 3, 224, 224)"),
    BadCommand("attribute --input small.npy --output r.npy", "small.npy: an array of", "layer blocks.", "expected"),
    BadCommand("evaluate --input small.npy", "small.npy: an array of shape (1, 3, 2, 2) found", "layer blocks."),
    BadCommand("profile --input small.npy", "small.npy: an array of shape (1, 3, 2, 2) found", "layer blocks."),
    BadCommand("attribute --input empty.npy --output r.npy", "empty.npy", "numpy.save"),
    BadCommand("attribute --input hollow.npy --output r.npy", "hollow.npy", "no numbers", "at least one sample"),
    BadCommand("attribute --input old.npy --output r.npy", "old.npy"),
    BadCommand("\(cat) --output /nowhere/r.npy", "/nowhere/r.npy", "the folder /nowhere does not exist"),
    BadCommand("\(cat) --output r.txt", "r.txt", ".npy or .png or .safetensors expected"),
    BadCommand("\(cat) --output folder", "no extension found"),
    BadCommand("\(cat) --output r.npy --ledger l.txt", "--ledger l.txt", ".json or .csv"),
    BadCommand("\(cat) --output r.npy --ledger none/l.csv", "the folder none does not exist"),
    BadCommand("\(cat) --output a.safetensors --layers-output ./a.safetensors", "would overwrite a.safetensors"),
    BadCommand("attribute --input old.npy --output ./old.npy", "would overwrite old.npy"),
    BadCommand("\(cat) --output r.npy --composite epsilon_pluss", "did you mean 'epsilon_plus'?"),
    BadCommand("\(cat) --output r.npy --composite none.yaml", "none.yaml: no such file"),
    BadCommand("\(cat) --output r.npy --composite layer.yaml", "layer.yaml:2:21:", "did you mean 'conv_stem'?"),
    BadCommand("\(cat) --output r.npy --composite rule.yaml", "rule.yaml:2:39:", "did you mean 'Gamma'?"),
    BadCommand("\(cat) --output r.npy --composite shape.yaml", "layer avgpool, rule Pass", "keeps the shape"),
    BadCommand("\(cat) --output r.npy --target catt", "no class 'catt'", "0 to 999"),
    BadCommand("\(cat) --output r.npy --target 1000", "no class '1000'"),
    BadCommand("\(cat) --output r.npy --model vgg61", "no model 'vgg61'", "did you mean"),
    BadCommand("\(cat) --output r.npy --canonizer ResNetCanoniser", "did you mean 'ResNetCanonizer'?"),
    BadCommand("\(cat) --output r.npy --low 1,2", "--low: 2 values found"),
    BadCommand("\(cat) --output r.npy --composite epsilon_plus --low 1", "no use with 'epsilon_plus'"),
    BadCommand("\(cat) --output r.npy --low 2 --high 1", "--low: 2 found, a number of at most --high (1) expected"),
    BadCommand("\(cat) --output r.npy --canonizer none --canonizer auto", "'none' and other canonizers found"),
    BadCommand("\(cat) --output r.npy --canonizer Norms", "no canonizer 'Norms'", "ResNetCanonizer, "),
    BadCommand("profile --batch-size 4611686018427387904", "--batch-size: 4611686018427387904 found", "give at most"),
    BadCommand("profile --batch-size 10000000000", "--batch-size: 10000000000 found", "MB a sample", "give at most"),
    BadCommand(
      "evaluate --model fashion_mlp --input grey.npy --fill 1,2,3", "3 values found, a finite number expected"),
    BadCommand(
      "evaluate --model fashion_mlp --input grey.npy --metric relevance-share --rectangle -1,-1,5,5",
      "-1,-1,5,5 (x,y,width,height) found", "inside the picture of 28 x 28 pixels"),
    BadCommand(
      "evaluate --model fashion_mlp --input grey.npy --metric relevance-share --rectangle 1,1,\(Int.max),\(Int.max)",
      "inside the picture of 28 x 28 pixels"),
    BadCommand(
      "attribute --model fashion_mlp --dataset pictures --output text.png/{sample}.npy", "text.png: is a file"),
    BadCommand("tutor --lessons folder", "folder: no lessons found"),
    BadCommand("tutor --lessons text.png", "text.png: no folder found"),
    BadCommand("tutor 99", "a lesson from 1 to"), BadCommand("tutor 1.0", "a step from 1.1 to"),
    BadCommand("explore --play none.lrp", "none.lrp: no such file"),
    BadCommand("models add none.onnx", "none.onnx: no such file"),
    BadCommand("\(cat) --output r.npy --classes 7", "1000 classes"),
    BadCommand("\(mlp) --weights none.safetensors", "none.safetensors: no such file"),
    BadCommand("\(mlp) --weights cut.safetensors", "cut.safetensors", "truncated"),
    BadCommand("\(mlp) --weights nan.safetensors", "nan.safetensors", "parameter", "not finite"),
    BadCommand("\(mlp) --weights text.png", "text.png"),
    BadCommand("\(mlp) --weights ASSETS/images/chelsea.png", "chelsea.png: found a picture", "give it with --input"),
    BadCommand("\(mlp) --weights grey.npy", "grey.npy: found a NumPy array", "give it with --input"),
    BadCommand("\(mlp) --weights ASSETS/models/fashion_vgg.safetensors", "fashion_vgg.safetensors", "fashion_mlp"),
    BadCommand("\(mlp) --attributor integrated-gradients --baseline nan.npy", "nan.npy", "expected"),
    BadCommand("render none.npy --output r.png", "none.npy: no such file"),
    BadCommand("render grey.npy --output r.jpg", "r.jpg", ".png expected"),
    BadCommand("render grey.npy --output r.png --sample 1", "--sample: 1 found"),
    BadCommand("composite check layer.yaml --model efficientnet_lite0", "layer.yaml:2:21:"),
    BadCommand("composite export rule.yaml", "rule.yaml:2:39:"),
    BadCommand("composite export epsilon_gamma_box", "--model"),
    BadCommand("composite diff layer.yaml none.yaml", "none.yaml: no such file"),
    BadCommand("layers --model fashion_vgg --composite layer.yaml", "layer.yaml:2:21:", "fashion_vgg"),
    BadCommand("explore --input none.png", "none.png: no such file"),
    BadCommand("cmaps blue", "blue"),
    BadCommand("attribute --output r.npy", "--input", "Usage:", status: 64),
    BadCommand("\(cat)", "--output", "Usage:", status: 64),
    BadCommand("\(cat) --output r.npy --cmap zzz", "--cmap", status: 64),
    BadCommand("\(cat) --output r.npy --norm odd", "--norm", "symmetric", status: 64),
    BadCommand("\(cat) --output r.npy --low x", "'x' is invalid", status: 64),
    BadCommand("\(cat) --output r.npy --classes 0", "--classes: 0 found", status: 64),
    BadCommand("\(cat) --output r.npy --classes -1", "--classes: -1 found", status: 64),
    BadCommand("\(cat) --output r.npy --batch-size -3", "--batch-size: -3 found", status: 64),
    BadCommand("\(cat) --output r.npy --seed -1", "'-1' is invalid", status: 64),
    BadCommand("\(cat) --output r.npy --low 1e39", "'1e39' is invalid", status: 64),
    BadCommand("\(cat) --output r.npy --level nan", "--level: nan found", status: 64),
    BadCommand("\(cat) --output r.npy --attributor smoothgrad --iterations -1", "--iterations: -1 found", status: 64),
    BadCommand("\(cat) --output r.npy --attributor smoothgrad --noise-level -1", "--noise-level: -1", status: 64),
    BadCommand("\(cat) --output r.npy --attributor occlusion --fill 1e39", "--fill: inf found", status: 64),
    BadCommand("evaluate --input grey.npy --fill 1e39", "'1e39' is invalid", status: 64),
    BadCommand("evaluate --input grey.npy --steps -1", "--steps: -1 found", status: 64),
    BadCommand("profile --repeats -1", "--repeats: -1 found", status: 64),
    BadCommand("explore --percentile -1", "--percentile: -1.0 found", status: 64),
    BadCommand("\(cat) --output r.npy --batch-size 0", "--batch-size: 0 found", status: 64),
    BadCommand("\(cat) --output r.npy --iterations 3", "--iterations belongs to", status: 64),
    BadCommand("\(cat) --output r.npy --attributor smoothgrad --ledger l.csv", "single backward pass", status: 64),
    BadCommand("\(cat) --output r.npy --target 1 --output-relevance output", "--target has no use", status: 64),
    BadCommand("\(cat) --output r.npy --outptu x", "--outptu", status: 64),
    BadCommand("frobnicate", "no command 'frobnicate'", status: 64),
    BadCommand("atribute --input x.png", "did you mean 'attribute'?", status: 64),
    BadCommand("composite check", "file", status: 64),
  ]

  /// One folder for all commands; nothing in it may change.
  @Test func oneMessageAndNothingWritten() throws {
    let scratch = try Self.prepare()
    let names = scratch.names
    for command in Self.commands {
      let arguments = command.arguments.map { $0.replacing("ASSETS", with: Program.asset("").dropLast()) }
      let result = try Program.run(arguments, in: scratch.folder)
      #expect(result.status == command.status && !result.wasKilled, "\(command.testDescription)\n\(result.errors)")
      #expect(result.output.isEmpty, "\(command.testDescription)")
      #expect(result.errors.hasPrefix("Error: "), "\(command.testDescription)\n\(result.errors)")
      if command.status == 1 {
        // One sentence; below that of a mismatch, the names of both sides, and nothing else.
        let lines = result.errors.split(separator: "\n")
        let isTable = lines.count > 1 && lines[1].contains(" has ") && lines[1].contains("the file has")
        #expect(
          lines.count == 1 || isTable && lines.dropFirst().allSatisfy { $0.hasPrefix("  ") },
          "\(command.testDescription)\n\(result.errors)")
      }
      for word in command.words {
        #expect(result.errors.contains(word), "\(command.testDescription)\n\(result.errors)")
      }
    }
    #expect(scratch.names == names)
    #expect(try String(contentsOfFile: scratch.path("old.npy"), encoding: .utf8) == "precious")
  }

  /// A name may hold what turns a terminal red, or worse.
  @Test func namesDoNotCommandTheTerminal() throws {
    let scratch = try Scratch()
    let name = "red\u{1B}[31m\u{9B}1m.png"
    for arguments in [
      ["attribute", "--input", name, "--output", "r.npy"], ["layers", "--model", "./" + name], [name],
    ] {
      let result = try Program.run(arguments, in: scratch.folder)
      #expect(result.status != 0)
      #expect(!result.errors.unicodeScalars.contains("\u{1B}") && !result.errors.unicodeScalars.contains("\u{9B}"))
      #expect(result.errors.contains("red\\u{1b}[31m\\u{9b}1m.png"), "\(result.errors)")
    }
  }

  /// Permissions mean nothing to root.
  @Test(.enabled(if: geteuid() != 0)) func foldersAndFilesThatMayNotBeWritten() throws {
    let scratch = try Scratch()
    _ = try scratch.write("precious", to: "r.npy")
    let files = FileManager.default
    try files.setAttributes([.posixPermissions: 0o444], ofItemAtPath: scratch.path("r.npy"))
    let image = Program.asset("images/chelsea.png")
    let file = try Program.run(["attribute", "--input", image, "--output", scratch.path("r.npy")])
    #expect(file.status == 1 && file.errors.contains("no permission to write"))
    try files.setAttributes([.posixPermissions: 0o555], ofItemAtPath: scratch.folder)
    let folder = try Program.run(["attribute", "--input", image, "--output", scratch.path("s.npy")])
    #expect(folder.status == 1 && folder.errors.contains("no permission to write in its folder"))
    try files.setAttributes([.posixPermissions: 0o755], ofItemAtPath: scratch.folder)
  }
}
