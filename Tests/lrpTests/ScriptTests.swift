import Foundation
import Heatmaps
import ModelFormats
import Tensors
import Testing

/// `lrp explore --play … --batch`: sessions without a terminal.
struct ScriptTests {
  private static let model = "start --model fashion_vgg\n"

  /// Runs a script in a folder of its own.
  /// - Parameter limit: of the size of files, in blocks of 512 bytes.
  private static func play(
    _ script: String, _ options: [String] = [], in scratch: Scratch, limit: Int? = nil
  ) throws -> Program.Result {
    _ = try scratch.write(script, to: "demo.lrp")
    let environment = ["LRP_ASSETS": Program.asset(""), "XDG_STATE_HOME": scratch.path("state")]
    let arguments = ["explore", "--play", "demo.lrp", "--batch"] + options
    guard let limit else { return try Program.run(arguments, in: scratch.folder, environment: environment) }
    return try Program.run(
      ["-c", "ulimit -f \(limit); exec \"$0\" \"$@\"", Program.path] + arguments, in: scratch.folder,
      environment: environment, program: "/bin/sh")
  }

  private static let session =
    model + """
      size 120x40
      wait ready
      press j space j space j space
      expect "3 marked"
      press enter
      expect "Rule for 3 layers"
      press k
      type "0.5"
      press enter
      wait ready
      expect "epsilon_gamma_box* (1 edit)"
      press c             # pins A
      press p k enter     # another preset is B
      wait ready

      """

  @Test func theSameScriptGivesTheSamePicture() throws {
    let scratch = try Scratch()
    // Not the ledger, whose sums over threads differ in the last bit.
    let outputs = [
      ("--output", "png"), ("--output", "npy"), ("--output", "yaml"), ("--screen", "txt"), ("--screen", "svg"),
    ]
    var results: [[Data]] = []
    for round in ["a", "b"] {
      let files = outputs.map { round + "." + $0.1 }
      let result = try Self.play(Self.session, zip(outputs, files).flatMap { [$0.0, $1] }, in: scratch)
      #expect(result.status == 0 && result.errors.isEmpty && result.output.isEmpty, "\(result)")
      results.append(try files.map { try Data(contentsOf: URL(fileURLWithPath: scratch.path($0))) })
    }
    #expect(results[0] == results[1])
    #expect(try NPYFile.read(scratch.path("a.npy")).shape == [3, 1, 28, 28], "A, B and their difference")
    let screen = String(decoding: results[0][3], as: UTF8.self)
    #expect(screen.contains("7 Sneaker") && screen.contains("✓ done") && screen.contains("░"), "\(screen)")
    #expect(screen.split(separator: "\n").count <= 40)
    #expect(!scratch.names.contains { $0.hasPrefix(".lrp") } && !scratch.names.contains("state"))
  }

  /// Without rules and without canonizers, of which some change gradients: SignalTakesAll in this network.
  @Test func noCompositeIsThePlainGradient() throws {
    let scratch = try Scratch()
    let picture = Program.asset("images/chelsea.png")
    let options = ["--model", "mobilenet_v3_small", "--input", picture, "--composite", "none"]
    let command = try Program.run(["attribute"] + options + ["--output", "c.npy"], in: scratch.folder)
    #expect(command.status == 0, "\(command.errors)")
    let script = "start " + options.joined(separator: " ") + "\nwait ready\n"
    let explorer = try Self.play(script, ["--output", "e.npy"], in: scratch)
    #expect(explorer.status == 0, "\(explorer.errors)")
    let gradient = try NPYFile.read(scratch.path("c.npy"))
    let found = try NPYFile.read(scratch.path("e.npy"))
    let elements = gradient.rowMajorElements()
    let count = found.count
    let sums = (0..<count).map { elements[$0] + elements[count + $0] + elements[2 * count + $0] }
    #expect(Arrays.distance(found, Tensor(found.shape, rowMajor: sums)) < 1e-6)
  }

  static let tour =
    (try? FileManager.default.contentsOfDirectory(atPath: Program.asset("tour")))?.filter {
      $0.hasSuffix(".lrp")
    }.sorted() ?? []

  /// `make tour` draws the README's pictures with them; each shows what it is there for.
  @Test(arguments: tour) func theTourCanBePlayed(_ name: String) throws {
    let scratch = try Scratch()
    let script = try String(contentsOfFile: Program.asset("tour/" + name), encoding: .utf8)
    let result = try Self.play(script, ["--screen", "screen.txt"], in: scratch)
    #expect(result.status == 0 && result.errors.isEmpty, "\(result)")
    let screen = try String(contentsOfFile: scratch.path("screen.txt"), encoding: .utf8)
    let expected = try #require(Self.shown[name], "a new stop of the tour: what does it show?")
    #expect(screen.contains(expected), "\(screen)")
    #expect(FileManager.default.fileExists(atPath: Program.asset("tour/" + name.replacing(".lrp", with: ".png"))))
  }

  private static let shown = [
    "explorer.lrp": "285 Egyptian cat", "rule-picker.lrp": "Rule for 3 layers", "compare.lrp": "B−A",
    "sweep.lrp": "gamma 0.25", "steps.lrp": "4 multiply", "two-classes.lrp": "1−2",
    "break-it.lrp": "BatchNorm is not merged", "flipping.lrp": "pixels deleted", "channels.lrp": "ch 16",
  ]

  @Test func theTourHasAllItsStops() { #expect(Set(Self.tour) == Set(Self.shown.keys)) }

  /// A session is the same composite, so the command line computes the same relevance.
  @Test func theHeatmapIsThatOfTheCompositeSaved() throws {
    let scratch = try Scratch()
    let steps = Self.model + "wait ready\npress j d\nwait ready\n"
    #expect(try Self.play(steps, ["--output", "r.npy", "--output", "c.yaml"], in: scratch).status == 0)
    let image = Program.asset("images/fashion_sneaker.png")
    let result = try Program.run(
      ["attribute", "--model", "fashion_vgg", "--composite", "c.yaml", "--input", image, "--output", "reference.npy"],
      in: scratch.folder, environment: ["LRP_ASSETS": Program.asset("")])
    #expect(result.status == 0, "\(result)")
    let (a, b) = (try NPYFile.read(scratch.path("r.npy")), try NPYFile.read(scratch.path("reference.npy")))
    #expect(a.rowMajorElements() == b.rowMajorElements())
  }

  @Test(arguments: [
    ("wait ready\nprees j\n", "demo.lrp:3: “prees” found, a step expected"),
    ("wait ready\npress u\n", "demo.lrp:3: press u: “Undo: nothing to undo” found, a step that can be done expected"),
    ("wait ready\nexpect \"9 marked\"\n", "demo.lrp:3: expect \"9 marked\": no “9 marked” found"),
    ("wait ready 0\n", "demo.lrp:2: wait ready 0.0: after 0 s"),
    (
      "wait ready\npress O\ntype \"x.yaml\"\npress enter\nwait ready\n", "demo.lrp:6: wait ready: “x.yaml: no such file"
    ),
    ("wait ready\npress q\npress j\n", "demo.lrp:4: press j: a step found behind line 3"),
  ])
  func whatDoesNotFitEndsWithTheLine(_ steps: String, _ problem: String) throws {
    let scratch = try Scratch()
    let result = try Self.play(Self.model + steps, ["--output", "h.png"], in: scratch)
    #expect(result.status == 1 && result.errors.contains(problem), "\(result.errors)")
    #expect(scratch.names == ["demo.lrp"], "nothing is written")
  }

  @Test func wrongStartsAndOutputsAreRefused() throws {
    let scratch = try Scratch()
    let start = try Self.play("start --modle x\n", in: scratch)
    #expect(
      start.status == 1 && start.errors.contains("demo.lrp:1: start: Unknown option '--modle'"), "\(start.errors)")
    let own = try Self.play("start --record x\n", in: scratch)
    #expect(own.status == 1 && own.errors.contains("only options of a session"), "\(own.errors)")
    let idle = try Self.play(Self.model, ["--output", "h.png", "--overwrite"], in: scratch)
    #expect(idle.status == 64 && idle.errors.contains("--output and --screen replace files anyway"), "\(idle.errors)")
    let unknown = try Self.play(Self.model, ["--output", "h.gif"], in: scratch)
    #expect(unknown.status == 1 && unknown.errors.contains("the extension .gif found"))
    let missing = try Program.run(["explore", "--play", "none.lrp", "--batch"], in: scratch.folder)
    #expect(missing.status == 1 && missing.errors.contains("none.lrp: no such file"))
    _ = try scratch.write("", to: "empty.lrp")
    #expect(try Program.run(["explore", "--batch"], in: scratch.folder).status == 64)
  }

  /// As `lrp attribute` and other programs do it; a script that does not fit leaves what was there.
  @Test func resultsReplaceFiles() throws {
    let scratch = try Scratch()
    for name in ["h.png", "s.txt"] { _ = try scratch.write("mine", to: name) }
    let options = ["--output", "h.png", "--screen", "s.txt"]
    #expect(try Self.play(Self.model + "prees j\n", options, in: scratch).status == 1)
    for name in ["h.png", "s.txt"] {
      #expect(try String(contentsOfFile: scratch.path(name), encoding: .utf8) == "mine")
    }
    #expect(try Self.play(Self.model, options, in: scratch).status == 0)
    #expect(try Picture(contentsOfFile: scratch.path("h.png")).width > 0)
    #expect(try String(contentsOfFile: scratch.path("s.txt"), encoding: .utf8).contains("fashion_vgg"))
  }

  /// The command line's options come after those of the script.
  @Test func theCommandLineHasTheLastWord() throws {
    let scratch = try Scratch()
    let script = Self.model + "wait ready\nexpect \"fashion_mlp\"\n"
    #expect(try Self.play(script, ["--model", "fashion_mlp"], in: scratch).status == 0)
    #expect(try Self.play(script, in: scratch).status == 1)
  }

  /// A disk without room: the problem is shown, the session goes on, nothing is left behind.
  @Test func aFullDiskIsSurvived() throws {
    let scratch = try Scratch()
    let script =
      Self.model + """
        wait ready
        press w ctrl-u
        type "h.png"
        press enter
        wait failure
        expect "no room for"
        press escape
        press j d
        wait ready
        expect "(1 edit)"
        press s ctrl-u
        type "small.yaml"
        press enter
        wait ready
        expect "saved as small.yaml"
        """
    let result = try Self.play(script, in: scratch, limit: 8)
    #expect(result.status == 0, "\(result)")
    #expect(scratch.names == ["demo.lrp", "small.yaml"])
    let direct = try Self.play(Self.model, ["--output", "h.png"], in: scratch, limit: 8)
    #expect(direct.status == 1 && direct.errors.contains("no room for") && !direct.wasKilled, "\(direct)")
    #expect(scratch.names == ["demo.lrp", "small.yaml"])
  }

  @Test func foldersAndDevicesThatCannotBeWrittenAreSurvived() throws {
    let scratch = try Scratch()
    for (path, problem) in [("/sys/h.png", "no permission"), ("none/h.png", "does not exist")] {
      let script =
        Self.model + """
          wait ready
          press w ctrl-u
          type "\(path)"
          press enter
          wait failure
          expect "\(problem)"
          press escape j
          """
      let result = try Self.play(script, in: scratch)
      #expect(result.status == 0, "\(result)")
    }
    let device = try Program.run(["explore", "--record", "/dev/full"], in: scratch.folder)
    #expect(device.status == 1, "\(device)")
  }

  /// Somebody saves a new checkpoint over the one that is open.
  @Test func aModelFileThatIsOverwrittenIsReportedNotUsed() throws {
    let scratch = try Scratch()
    let weights = scratch.path("w.safetensors")
    let original = try Data(contentsOf: URL(fileURLWithPath: Program.asset("models/fashion_vgg.safetensors")))
    try original.write(to: URL(fileURLWithPath: weights))
    // While the script halts, the file shrinks.
    let script = "start --model fashion_vgg --weights w.safetensors\nwait ready\nwait \"never shown\" 4\n"
    Thread.detachNewThread {
      Thread.sleep(forTimeInterval: 2)
      truncate(weights, 5000)
    }
    let waited = try Self.play(script, in: scratch)
    #expect(waited.status == 1 && !waited.wasKilled && waited.errors.contains("demo.lrp:3"), "\(waited)")
    let cut = try Self.play(script, in: scratch)
    #expect(cut.status == 1 && cut.errors.contains("w.safetensors"), "\(cut)")
  }
}
