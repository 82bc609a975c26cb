/// Lines of comma-separated values.
enum CSVText {
  static func line(_ fields: [String]) -> String { fields.map(quoted).joined(separator: ",") }

  /// A field as RFC 4180 has it.
  static func quoted(_ text: String) -> String {
    guard text.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else { return text }
    return "\"" + text.replacing("\"", with: "\"\"") + "\""
  }
}
