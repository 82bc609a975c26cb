import Explorer
import Foundation

/// What ArgumentParser tells about a program's commands; only what the manual needs.
struct ProgramDescription: Decodable {
  struct Command: Decodable {
    let commandName: String
    let abstract: String?
    let discussion: String?
    let shouldDisplay: Bool?
    let subcommands: [Command]?
    let arguments: [Argument]?
  }

  struct Argument: Decodable {
    struct Name: Decodable {
      let kind: String
      let name: String
    }

    let kind: String
    let shouldDisplay: Bool
    let names: [Name]?
    let valueName: String?
    let abstract: String?
    let defaultValue: String?
    let sectionTitle: String?
  }

  let command: Command
}

/// A manual page in man(7)'s macros.
struct ManualPage {
  private var lines: [String] = []

  init(_ program: ProgramDescription) {
    let root = program.command
    lines = [".TH LRP 1", ".SH NAME", "\(root.commandName) \\- \(Self.escaped(root.abstract ?? ""))", ".SH SYNOPSIS"]
    lines += [".B \(root.commandName)", "[\\fIcommand\\fR] [\\fIoptions\\fR]", ".SH DESCRIPTION"]
    addText(root.discussion)
    lines.append(".SH COMMANDS")
    addCommands(of: root, path: root.commandName)
    lines.append(".SH KEYS OF THE EXPLORER")
    addText(Cheatsheet.plainText)
  }

  var text: String { lines.joined(separator: "\n") + "\n" }

  private mutating func addCommands(of command: ProgramDescription.Command, path: String) {
    for child in command.subcommands ?? [] where child.commandName != "help" && child.shouldDisplay != false {
      let childPath = path + " " + child.commandName
      lines += [".SS \(Self.escaped(childPath))"]
      addText(child.abstract)
      addText(child.discussion)
      for argument in child.arguments ?? [] where argument.shouldDisplay && !Self.isBuiltIn(argument) { add(argument) }
      addCommands(of: child, path: childPath)
    }
  }

  private static func isBuiltIn(_ argument: ProgramDescription.Argument) -> Bool {
    (argument.names ?? []).contains { ["help", "version"].contains($0.name) }
  }

  private mutating func add(_ argument: ProgramDescription.Argument) {
    let value = argument.valueName.map { " \\fI\(Self.escaped($0))\\fR" } ?? ""
    let names = (argument.names ?? []).map { name in
      "\\fB" + Self.escaped((name.kind == "long" ? "--" : "-") + name.name) + "\\fR"
    }
    let term =
      argument.kind == "positional"
      ? value.trimmingCharacters(in: .whitespaces)
      : names.joined(separator: ", ") + (argument.kind == "option" ? value : "")
    let fallback = argument.defaultValue.map { " (default: \($0))" } ?? ""
    lines += [".TP", term, Self.line((argument.abstract ?? "") + fallback)]
  }

  /// Paragraphs; indented lines are kept as they are.
  private mutating func addText(_ text: String?) {
    var isVerbatim = false
    for line in (text ?? "").split(separator: "\n", omittingEmptySubsequences: false) {
      let isExample = line.hasPrefix("  ")
      if isExample != isVerbatim { lines.append(isExample ? ".nf" : ".fi") }
      isVerbatim = isExample
      lines.append(line.isEmpty ? ".PP" : Self.line(String(line)))
    }
    if isVerbatim { lines.append(".fi") }
    if text != nil { lines.append(".PP") }
  }

  /// A line that is not taken for a macro.
  private static func line(_ text: String) -> String {
    let line = escaped(text)
    return line.hasPrefix(".") || line.hasPrefix("'") ? "\\&" + line : line
  }

  private static func escaped(_ text: String) -> String {
    text.replacing("\\", with: "\\e").replacing("-", with: "\\-").replacing("…", with: "...")
  }
}
