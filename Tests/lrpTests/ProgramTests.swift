import Foundation
import Testing

@Suite struct ProgramTests {
  @Test func helpListsTheCommandsAndStartsFast() throws {
    let clock = ContinuousClock()
    var fastest = Duration.seconds(60)
    for _ in 0..<5 {
      fastest = min(fastest, try clock.measure { _ = try Program.run(["--help"]) })
    }
    // 30 ms on an idle machine; the bound leaves room for a busy one.
    #expect(fastest < .milliseconds(300))
    let help = try Program.run(["--help"])
    for command in [
      "explore", "tutor", "attribute", "layers", "profile", "render", "composite", "models", "rules", "composites",
      "cmaps",
    ] {
      #expect(help.output.contains("  \(command)"))
      let own = try Program.run([command, "--help"])
      #expect(own.status == 0 && own.output.contains("USAGE: lrp \(command)"))
    }
    #expect(!help.output.contains("generate-manual"))
    #expect(try Program.run(["--version"]).output.hasPrefix("lrp "))
  }

  /// A full disk, and an output that was closed: nothing is done then that anybody could use.
  @Test(arguments: [
    "models", "layers --model fashion_mlp", "rules --json", "cmaps", "composites", "config", "tutor --list",
    "composite export epsilon_plus", "generate-manual", "--help", "--version", "explore --model fashion_mlp",
  ])
  func resultsThatCannotBePrintedAreAnError(command: String) throws {
    for redirection in [">/dev/full", ">&-"] {
      let result = try Program.run(["-c", "exec '\(Program.path)' \(command) \(redirection)"], program: "/bin/sh")
      #expect(result.status == 1 && !result.wasKilled, "\(redirection) \(result.errors)")
      #expect(
        result.errors.hasPrefix("Error: standard output: could not be written"), "\(redirection) \(result.errors)")
    }
  }

  /// That a message cannot be written changes nothing but that.
  @Test(arguments: ["composite check /nonexistent.yaml", "tutor 99", "nonsense"])
  func messagesThatCannotBeWrittenAreLost(command: String) throws {
    let expected = try Program.run(command.split(separator: " ").map(String.init)).status
    for redirection in ["2>/dev/full", "2>&-"] {
      let result = try Program.run(["-c", "exec '\(Program.path)' \(command) \(redirection)"], program: "/bin/sh")
      #expect(result.status == expected && !result.wasKilled && expected != 0, "\(redirection): \(result.status)")
    }
  }

  @Test func withoutATerminalOneFrameIsWritten() throws {
    for arguments in [[], ["explore", "--target", "282"]] {
      let result = try Program.run(arguments, environment: ["COLUMNS": "60"])
      #expect(result.status == 0, "\(result.errors)")
      #expect(!result.output.contains("\u{1B}"))
      let title = arguments.isEmpty ? "285 Egyptian cat" : "282 tiger cat"
      for word in ["efficientnet_lite0 · chelsea.png", title, "conv_stem", "ledger", "relevance at input · coldnhot"] {
        #expect(result.output.contains(word))
      }
      #expect(result.output.contains("█"))
    }
  }

  @Test func theFrameHasColorsWhenAskedFor() throws {
    let arguments = [
      "--model", "fashion_vgg", "--input", Program.asset("images/fashion_bag.png"), "--color", "always",
    ]
    let result = try Program.run(arguments)
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.output.contains("\u{1B}[0;38;2;") && result.output.contains("▀"))
    #expect(result.output.contains("fashion_vgg"))
  }

  @Test func assetsThatAreMissingAreNamed() throws {
    let result = try Program.run([], environment: ["LRP_ASSETS": "/nowhere"])
    #expect(result.status == 1 && result.errors.contains("/nowhere (LRP_ASSETS)"))
    #expect(try Program.run(["rules"], environment: ["LRP_ASSETS": "/nowhere"]).status == 0)
  }

  @Test func manualAndCompletionsAreMadeFromTheCommands() throws {
    let manual = try Program.run(["generate-manual"])
    #expect(manual.status == 0 && manual.output.hasPrefix(".TH LRP 1"))
    for word in [
      ".SS lrp attribute", "\\-\\-layers\\-output", ".SS lrp composite export", "Exit status", "Show me: do this step",
    ] {
      #expect(manual.output.contains(word), "\(word)")
    }
    for shell in ["bash", "zsh", "fish"] {
      let script = try Program.run(["--generate-completion-script", shell])
      #expect(script.status == 0 && script.output.contains("layers-output"))
    }
  }
}
