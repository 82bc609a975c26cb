import Foundation
import Testing

/// The configuration file through `lrp config` and `lrp` without a terminal.
struct ConfigurationTests {
  private func run(_ arguments: [String], _ text: String?) throws -> (result: Program.Result, path: String) {
    let scratch = try Scratch()
    let folder = scratch.path("lrp")
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    if let text { _ = try scratch.write(text, to: "lrp/config.yaml") }
    let result = try Program.run(arguments, environment: ["XDG_CONFIG_HOME": scratch.folder])
    return (result, folder + "/config.yaml")
  }

  @Test func withoutAFileEverySettingIsAComment() throws {
    let (result, path) = try run(["config"], nil)
    #expect(result.status == 0)
    #expect(result.output.hasPrefix("# \(path) (not there; 'lrp config --init' writes it)"))
    for name in [
      "model", "input", "composite", "color_map", "level", "norm", "percentile", "color", "mouse", "threads",
    ] {
      #expect(result.output.contains("\n# \(name): "), "\(name)")
    }
  }

  @Test func whatIsSetIsShownAndReadsBack() throws {
    let text =
      "model: fashion_vgg\ncolor_map: '00f,fff,f00'\nlevel: 2\nmouse: false\nthreads: 1\ncomposite: epsilon_plus\n"
    let first = try run(["config"], text).result
    for line in text.split(separator: "\n") { #expect(first.output.contains("\n\(line)\n"), "\(line)") }
    let again = try run(["config"], first.output).result
    #expect(again.output.split(separator: "\n").dropFirst() == first.output.split(separator: "\n").dropFirst())
  }

  @Test func aFileInPlaceOfItsFolderIsNamed() throws {
    let scratch = try Scratch()
    let file = try scratch.write("", to: "lrp")
    let result = try Program.run(["config", "--init"], environment: ["XDG_CONFIG_HOME": scratch.folder])
    #expect(result.status == 1 && result.output.isEmpty)
    #expect(result.errors == "Error: \(file): is a file, expected a folder; choose another path\n")
  }

  @Test func aFileToBeginWithIsWrittenOnce() throws {
    let scratch = try Scratch()
    let environment = ["XDG_CONFIG_HOME": scratch.folder]
    let first = try Program.run(["config", "--init"], environment: environment)
    let path = scratch.path("lrp/config.yaml")
    #expect(first.status == 0 && first.output == path + "\n")
    #expect(try String(contentsOfFile: path, encoding: .utf8).contains("# percentile: 99"))
    let second = try Program.run(["config", "--init"], environment: environment)
    #expect(second.status == 1 && second.errors.contains(path))
    #expect(try Program.run(["config", "--path"], environment: environment).output == path + "\n")
  }

  @Test(arguments: [
    ("level: 1\ncolour_map: hot\n", ":2:1: the key 'colour_map' found", "did you mean 'color_map'?"),
    ("norm: symetric\n", ":1:7: norm: 'symetric' found", "did you mean 'symmetric'?"),
    ("percentile: 20\n", ":1:13: percentile: '20' found", "at most 100 expected"),
    ("mouse: maybe\n", ":1:8: 'maybe' found, mouse", "(true or false) expected"),
    ("threads: 0\n", ":1:10: threads: '0' found", "1 to 4096 expected"),
    ("color_map: nothing\n", ":1:12: color_map: ", ""),
    ("composite: epsilon_plas\n", ":1:12: composite: 'epsilon_plas' found", "did you mean 'epsilon_plus'?"),
    ("input: /nowhere/cat.png\n", ":1:8: input: there is no file", ""),
    ("- level\n", ":1:1: a list found", "expected"), ("level: [1\n", "no valid YAML", ""),
  ])
  func errorsNameLineAndKey(text: String, place: String, hint: String) throws {
    for arguments in [["config"], ["explore"]] {
      let (result, path) = try run(arguments, text)
      #expect(result.status == 1)
      #expect(result.errors.contains(path) && result.errors.contains(place), "\(result.errors)")
      #expect(hint.isEmpty || result.errors.contains(hint), "\(result.errors)")
    }
  }

  @Test func theCommandLineGoesFirst() throws {
    let text = "model: fashion_vgg\ncomposite: epsilon_plus\nthreads: 1\n"
    let set = try run([], text).result
    #expect(set.status == 0 && set.output.hasPrefix("lrp  fashion_vgg ") && set.output.contains("epsilon_plus\n"))
    let given = try run(["explore", "--model", "fashion_mlp", "--composite", "none"], text).result
    #expect(given.status == 0 && given.output.hasPrefix("lrp  fashion_mlp "), "\(given.errors)")
    #expect(!given.output.contains("epsilon_plus"))
  }

  @Test func otherCommandsDoNotReadIt() throws {
    let (result, _) = try run(["layers", "--model", "fashion_vgg"], "nonsense: 1\n")
    #expect(result.status == 0)
  }
}
