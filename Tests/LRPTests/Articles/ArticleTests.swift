import Foundation
import Testing

/// Every block of code in the library's articles stands, word for word, in a file that is compiled and tested.
struct ArticleTests {
  private static let root = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
  private static let catalog = root.appending(path: "Sources/LRP/LRP.docc")

  static let articles: [String] = {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: catalog.path)) ?? []
    return names.filter { $0.hasSuffix(".md") }.map { String($0.dropLast(3)) }.sorted()
  }()

  /// Lines without indentation and empty ones.
  private static func lines(_ text: some StringProtocol) -> [String] {
    text.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
  }

  private static func blocks(_ article: String) -> [[String]] {
    let parts = article.components(separatedBy: "```")
    return stride(from: 1, to: parts.count, by: 2).map { parts[$0] }.filter { $0.hasPrefix("swift\n") }
      .map { lines($0.dropFirst("swift\n".count)) }
  }

  @Test("there is an article for each extension point")
  func articlesAreThere() {
    #expect(
      Set(Self.articles) == [
        "HowToDifferentiateAnAttribution", "HowToFindTheRelevanceOfParameters", "HowToWriteACanonizer",
        "HowToWriteAComposite", "HowToWriteARule",
        "HowToWriteAStabilizer", "HowToWriteAnAttributor", "KnownDifferences", "LRP", "Parity",
        "TheExampleProgram",
      ])
  }

  @Test("code in articles is code that is tested", arguments: articles)
  func blocks(article: String) throws {
    let text = try String(contentsOf: Self.catalog.appending(path: "\(article).md"), encoding: .utf8)
    let blocks = Self.blocks(text)
    if ["KnownDifferences", "Parity"].contains(article) {
      #expect(blocks.isEmpty)
      return
    }
    #expect(!blocks.isEmpty)
    let path = "Tests/LRPTests/Articles/\(article)Article.swift"
    let code = Self.lines(try String(contentsOf: Self.root.appending(path: path), encoding: .utf8))
    for block in blocks {
      let found = code.indices.contains { code[$0...].starts(with: block) }
      #expect(found, "\(path) does not have this block of \(article).md:\n\(block.joined(separator: "\n"))")
    }
  }

  @Test("the README's example is code that is compiled")
  func readme() throws {
    let text = try String(contentsOf: Self.root.appending(path: "README.md"), encoding: .utf8)
    let blocks = Self.blocks(text)
    #expect(blocks.count == 1)
    let path = "Tests/LRPTests/Articles/ReadmeArticle.swift"
    let code = Self.lines(try String(contentsOf: Self.root.appending(path: path), encoding: .utf8))
    for line in blocks.joined() { #expect(code.contains(line), "\(path) does not have: \(line)") }
  }

  @Test("links between articles lead somewhere")
  func links() throws {
    for article in Self.articles {
      let text = try String(contentsOf: Self.catalog.appending(path: "\(article).md"), encoding: .utf8)
      for link in text.components(separatedBy: "<doc:").dropFirst() {
        let name = String(link.prefix { $0 != ">" })
        #expect(Self.articles.contains(name), "\(article).md links to \(name)")
      }
    }
  }

  @Test("the tests that the known differences name are there")
  func knownDifferences() throws {
    let text = try String(contentsOf: Self.catalog.appending(path: "KnownDifferences.md"), encoding: .utf8)
    let tests = try String(
      contentsOf: Self.root.appending(path: "Tests/LRPTests/Articles/KnownDifferencesTests.swift"), encoding: .utf8)
    let rows = text.split(separator: "\n").filter { $0.hasPrefix("|") }
    let named = rows.compactMap { row -> String? in
      let cells = row.split(separator: "|")
      guard cells.count == 3 else { return nil }
      let cell = cells[2].trimmingCharacters(in: .whitespaces)
      return cell.hasPrefix("`") ? cell.trimmingCharacters(in: ["`"]) : nil
    }
    #expect(named.count >= 7)
    for name in named { #expect(tests.contains("func \(name)("), "\(name)") }
  }
}
