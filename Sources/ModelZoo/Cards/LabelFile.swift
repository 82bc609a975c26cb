import YAMLFiles

/// Names of classes, one per line.
enum LabelFile {
  /// - Throws: `FileError`, or ``ModelZooError/card(place:problem:)`` naming the line.
  static func read(_ path: String) throws -> [String] {
    let text = try ModelZooError.translating {
      try YAMLSource(file: path, what: "a file of labels").text(ofFile: path)
    }
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    while lines.last == "" { lines.removeLast() }
    for (index, line) in lines.enumerated() {
      guard line.count <= 200, !line.isEmpty, !CardReader.hasControls(line) else {
        throw ModelZooError.card(
          place: "\(path):\(index + 1):1",
          problem: (line.isEmpty ? "an empty line" : "control characters or an endless line")
            + " found, a label of up to 200 characters expected")
      }
    }
    return lines
  }
}
