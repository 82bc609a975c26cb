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
    label = (fields["label"] ?? "restored").shown(limit: 200)
    title = (fields["title"] ?? "restored").shown(limit: 200)
    // Edits are counted on from here.
    edits = min(max(0, fields["edits"].flatMap { Int($0) } ?? 1), Self.mostEdits)
  }

  /// - Throws: `FileError` if the file cannot be read.
  package init(contentsOf path: String) throws {
    let file = try MappedFile(path: path)
    self.init(of: withExtendedLifetime(file) { String(decoding: file.bytes.prefix(1 << 14), as: UTF8.self) })
  }

  /// Lines of comment, whatever the names are made of.
  package var text: String {
    [("edits", "\(edits)"), ("label", label), ("title", title)].map { "# \($0): \($1.shown(limit: 200))\n" }.joined()
  }
}
