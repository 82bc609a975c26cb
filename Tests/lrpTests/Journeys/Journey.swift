import Foundation
import TerminalTesting
import TerminalUI
import Testing

/// Journeys through the real program in a real terminal; one after the other, because each wants the machine.
@Suite(.serialized, .enabled(if: TmuxSession.isAvailable, "tmux is not installed"), .timeLimit(.minutes(5)))
struct Journeys {}

/// The program in a terminal of its own, with private folders for what it reads and keeps.
///
/// The terminal and the folder go away with the object.
final class Journey {
  let terminal: TmuxSession
  let sandbox: Sandbox
  private static let patience = Duration.seconds(60)

  /// - Parameters:
  ///   - arguments: after the program's name.
  ///   - fileBlocks: how large files may become, in blocks of 512 bytes.
  ///   - prelude: commands of the shell that becomes the program.
  ///   - shell: whether to run it from an interactive shell, which shows what it leaves behind.
  init(
    _ arguments: [String] = ["--model", "fashion_vgg"], width: Int = 120, height: Int = 40,
    environment: [String: String?] = [:], in sandbox: Sandbox? = nil, shell: Bool = false, fileBlocks: Int? = nil,
    prelude: String = ""
  ) throws {
    let sandbox = try sandbox ?? Sandbox()
    self.sandbox = sandbox
    var variables = sandbox.environment.mapValues { Optional($0) }
    variables["LRP_COLORS"] = "24bit"
    variables["PS1"] = "prompt> "
    variables.merge(environment) { $1 }
    var program = [try TmuxSession.builtProduct("lrp")] + arguments
    let before = (fileBlocks.map { "ulimit -f \($0); " } ?? "") + prelude
    if !before.isEmpty { program = ["sh", "-c", before + "exec \"$0\" \"$@\""] + program }
    terminal = try TmuxSession(
      command: shell ? ["bash", "--norc", "--noprofile", "-i"] : program, width: width, height: height,
      environment: variables, directory: sandbox.path)
    guard shell else { return }
    try terminal.waitUntil("the shell is ready", timeout: Self.patience) { $0.text.hasSuffix("prompt>") }
    let line = program.map { "'\($0)'" }.joined(separator: " ")
    try terminal.type(line + "; echo status=$?; stty -a | grep -o -e '-*icanon' -e '-*echo '\r")
  }

  /// Presses keys, one after the other. Esc takes a while, as with a person: with a key at once it would be Alt.
  func press(_ keys: String...) throws {
    for key in keys {
      try terminal.sendKeys(key)
      if key == "Escape" { usleep(100_000) }
    }
  }

  func type(_ text: String) throws { try terminal.type(text) }

  /// Waits for a condition.
  /// - Parameter isSettled: whether the screen has to look the same twice: a frame may be caught half drawn.
  @discardableResult
  func wait(
    _ what: String, isSettled: Bool = false, until condition: (CapturedScreen) throws -> Bool
  ) throws -> CapturedScreen {
    var previous: CapturedScreen?
    return try terminal.waitUntil(what, timeout: Self.patience) { screen in
      defer { previous = screen }
      return try condition(screen) && (!isSettled || previous == screen)
    }
  }

  @discardableResult
  func wait(for texts: String...) throws -> CapturedScreen {
    try wait(texts.joined(separator: " and ") + " can be seen") { screen in texts.allSatisfy(screen.contains) }
  }

  /// Waits until an attribution is finished and nothing else is going on.
  /// - Parameter composite: what the title has to say.
  @discardableResult
  func waitForHeatmap(_ composite: String = "lrp") throws -> CapturedScreen {
    try wait("the heatmap of \(composite) is there", isSettled: true) { screen in
      let title = screen.line(0)
      return title.contains(" ✓ ") && title.contains(composite) && screen.image != nil
    }
  }

  func waitForExit() throws -> Int { try terminal.waitForExit(timeout: Self.patience) }

  /// Waits until the shell has the terminal again, and checks that it is as it was before.
  /// - Returns: all that was printed.
  func waitForShell(status: Int) throws -> String {
    try wait("the shell is back") { $0.text.hasSuffix("prompt>") && $0.contains("status=") }
    let text = try terminal.history()
    #expect(text.contains("status=\(status)\n"), "\(text)")
    #expect(text.contains("\nicanon") && text.contains("\necho"), "\(text)")
    #expect(try terminal.value(of: "#{alternate_on}#{mouse_any_flag}#{cursor_flag}") == "001")
    return text
  }
}

/// A folder for one test, with all that the program reads and keeps.
final class Sandbox {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "lrp-journey-\(UUID().uuidString.prefix(8))"
    for name in ["home", "state", "config", "cache", "data"] {
      try FileManager.default.createDirectory(atPath: path + "/" + name, withIntermediateDirectories: true)
    }
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// The checkout's own assets.
  static let assets = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("assets").path

  var environment: [String: String] {
    [
      "HOME": path + "/home", "XDG_STATE_HOME": path + "/state", "XDG_CONFIG_HOME": path + "/config",
      "XDG_CACHE_HOME": path + "/cache", "XDG_DATA_HOME": path + "/data", "LRP_ASSETS": Self.assets,
    ]
  }

  func file(_ name: String) -> String { path + "/" + name }

  func text(of name: String) throws -> String { try String(contentsOfFile: file(name), encoding: .utf8) }

  func write(_ text: String, to name: String) throws {
    try text.write(toFile: file(name), atomically: true, encoding: .utf8)
  }

  /// The names of the files in a folder.
  func names(in folder: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: file(folder))) ?? []).sorted()
  }

  /// Runs the program without a terminal.
  /// - Returns: its exit status, and what it wrote to standard output and standard error.
  func run(_ arguments: [String], environment: [String: String] = [:]) throws -> ChildProcess {
    let program = try TmuxSession.builtProduct("lrp")
    var variables = ProcessInfo.processInfo.environment
    for name in ["LRP_COLORS", "NO_COLOR", "COLORTERM", "COLUMNS"] { variables[name] = nil }
    variables.merge(self.environment) { $1 }
    variables.merge(environment) { $1 }
    return try ChildProcess([program] + arguments, environment: variables)
  }
}
