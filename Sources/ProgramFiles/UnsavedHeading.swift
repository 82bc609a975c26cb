import FileSystem
import Foundation

/// The comments at the beginning of a composite file that keeps a state of the explorer's edits for the case of a crash:
/// `# label: Gamma 0.5 → 3 layers`.
package struct UnsavedHeading: Equatable {
  package var label: String
  package var title: String
  /// Edits since a preset was taken, or since a file was read or written.
  package var edits: Int

  private static let mostEdits = 1_000_000
  /// In scalars.
  private static let longest = 200

  package init(label: String, title: String, edits: Int) {
    self.label = label
    self.title = title
    self.edits = edits
  }

  /// What a file's text says; what it does not say is made up.
  package init(of text: some StringProtocol) {
    var fields: [String: String] = [:]
    for line in text.prefix(4096).split(separator: "\n").prefix(while: { $0.hasPrefix("# ") }) {
      let parts = line.dropFirst(2).split(separator: ":", maxSplits: 1)
      if parts.count == 2 { fields[String(parts[0])] = parts[1].trimmingCharacters(in: .whitespaces) }
    }
    label = Self.line(fields["label"] ?? "restored")
    title = Self.line(fields["title"] ?? "restored")
    // Edits are counted on from here.
    edits = min(max(0, fields["edits"].flatMap { Int($0) } ?? 1), Self.mostEdits)
  }

  /// - Throws: `FileError` if the file cannot be read.
  package init(contentsOf path: String) throws {
    let file = try MappedFile(path: path)
    self.init(of: withExtendedLifetime(file) { String(decoding: file.bytes.prefix(1 << 14), as: UTF8.self) })
  }

  /// Fit for a line of comment: what escapes make longer is cut off, so that it reads back as it is.
  private static func line(_ text: String) -> String {
    let shown = text.shown(limit: longest).unicodeScalars.prefix(longest)
    return String(String.UnicodeScalarView(shown)).trimmingCharacters(in: .whitespaces)
  }

  /// Lines of comment, whatever the names are made of.
  package var text: String {
    [("edits", "\(edits)"), ("label", label), ("title", title)].map { "# \($0): \(Self.line($1))\n" }.joined()
  }
}
