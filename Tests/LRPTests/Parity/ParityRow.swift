import Foundation

/// A declaration of ours and the file that holds it, under `Sources`.
struct OwnSymbol: Sendable {
  /// `Stabilizer` or `Stabilizer.epsilon`.
  let name: String
  let file: String

  init(_ name: String, _ file: String) {
    self.name = name
    self.file = file
  }

  /// Whether the file declares the last part of the name.
  func isDeclared() throws -> Bool {
    let last = NSRegularExpression.escapedPattern(for: String(name.split(separator: ".").last ?? ""))
    let kinds = "struct|class|enum|protocol|actor|typealias|func|let|var|case"
    return try SourceText.of("Sources/\(file)").contains(Regex("\\b(\(kinds)) \(last)\\b"))
  }
}

/// A test function of ours, `StabilizerTests.clip`: `func clip(` in the file `StabilizerTests.swift` under `Tests`.
struct OwnTest: Sendable, ExpressibleByStringLiteral {
  let name: String
  init(stringLiteral name: String) { self.name = name }

  func isThere() throws -> Bool {
    let parts = name.split(separator: ".")
    guard parts.count == 2, let files = try SourceText.testFiles()["\(parts[0]).swift"] else { return false }
    return try files.contains { file in
      let text = try SourceText.of(file)
      return text.contains("@Test") && text.contains("func \(parts[1])(")
    }
  }
}

/// A name of the reference, or one of its unit tests, with what stands for it here.
struct ParityRow: Sendable {
  /// `rules.Epsilon`, `test_rules.test_linear_rule`.
  let name: String
  let symbols: [OwnSymbol]
  let tests: [OwnTest]
  /// Headings of ``ParityFigures`` whose worst is the row's; none where there are no numbers to be wrong.
  let headings: [String]
  let remark: String

  init(_ name: String, _ symbols: [OwnSymbol], _ tests: [OwnTest], _ headings: [String] = [], _ remark: String = "") {
    self.name = name
    self.symbols = symbols
    self.tests = tests
    self.headings = headings
    self.remark = remark
  }

  /// A unit test of the reference's.
  init(_ name: String, _ tests: OwnTest..., remark: String = "") {
    self.init(name, [], tests, [], remark)
  }
}

/// Texts of the package's own files.
enum SourceText {
  static func of(_ path: String) throws -> String {
    try String(contentsOf: ParityFiles.root.appending(path: path), encoding: .utf8)
  }

  /// Paths of the test files by their names.
  static func testFiles() throws -> [String: [String]] {
    let folder = ParityFiles.root.appending(path: "Tests").path
    let paths = try FileManager.default.subpathsOfDirectory(atPath: folder).filter { $0.hasSuffix(".swift") }
    return Dictionary(grouping: paths.map { "Tests/\($0)" }) { ($0 as NSString).lastPathComponent }
  }
}
