import Foundation
import Heatmaps
import LRP
import NeuralNetwork
import Testing

/// The page of parity is complete, true of the sources, and up to date.
struct ParityTests {
  @Test("every public name of the reference has a row, and no other")
  func names() throws {
    let reference = try ReferenceInventory.load()
    let expected = Set(reference.names.flatMap { module, names in names.map { "\(module).\($0)" } })
    let found = ParityNames.all.map(\.name)
    #expect(found.count > 80 && Set(found).count == found.count)
    #expect(
      Set(found) == expected, "missing: \(expected.subtracting(found)); unknown: \(Set(found).subtracting(expected))")
  }

  @Test("every unit test of the reference has a row, and no other")
  func unitTests() throws {
    let expected = Set(try ReferenceInventory.tests())
    let found = ParityCases.all.map(\.name)
    #expect(found.count > 80 && Set(found).count == found.count)
    #expect(
      Set(found) == expected, "missing: \(expected.subtracting(found)); unknown: \(Set(found).subtracting(expected))")
  }

  @Test("what the rows name is there: declarations, tests and figures", arguments: ParityNames.all.map(\.name))
  func rows(name: String) throws {
    let row = try #require(ParityNames.all.first { $0.name == name })
    #expect(!row.symbols.isEmpty && !row.tests.isEmpty)
    for symbol in row.symbols { #expect(try symbol.isDeclared(), "\(symbol.file) does not declare \(symbol.name)") }
    for test in row.tests { #expect(try test.isThere(), "there is no test \(test.name)") }
    if !row.headings.isEmpty { #expect(try ParityPage().figure(row.headings) != nil, "no figures for \(row.headings)") }
  }

  @Test("the tests that stand for the reference's are there", arguments: ParityCases.all.map(\.name))
  func cases(name: String) throws {
    let row = try #require(ParityCases.all.first { $0.name == name })
    #expect(!row.tests.isEmpty)
    for test in row.tests { #expect(try test.isThere(), "there is no test \(test.name)") }
  }

  @Test("families of layers, composites and colour maps are the reference's")
  func kinds() throws {
    let reference = try ReferenceInventory.load()
    for type in reference.types.keys {
      let own = try #require(LayerType.named(type), "no family \(type)")
      #expect(Set(own.kinds.map(\.rawValue)) == Set(reference.kinds(of: type).map(LayerKind.ofTorch)), "\(type)")
    }
    #expect(Set(Preset.all.map(\.name)) == Set(reference.composites))
    #expect(Set(BuiltInColorMaps.names) == Set(reference.colormaps))
  }

  /// Every kind of layer in zennit.types has golden cases.
  @Test("no kind of layer is without figures")
  func figures() throws {
    let reference = try ReferenceInventory.load()
    let page = try ParityPage()
    for type in reference.types.keys { #expect(page.figure(["type/\(type)"]) != nil, "\(type)") }
    for mode in ["circular", "reflect", "replicate"] { #expect(page.figures["padding/\(mode)"] != nil) }
    for group in GoldenFiles.groups("zoo_") { #expect(page.figures["zoo/\(group.dropFirst(4))"] != nil, "\(group)") }
    let random = page.figures.filter { $0.key.hasPrefix("random/") }
    #expect(Set(random.keys.map { String($0.dropFirst(7).prefix { $0 != "," }) }).count == 5)
    #expect(random.values.reduce(0) { $0 + $1.cases } >= 300)
    #expect(page.figures.allSatisfy { $0.value.share <= 1 })
  }

  /// `RECORD_PARITY=1` writes the page, and fails so that nobody takes a recording for a pass.
  @Test("the page is what the tables and figures say, without an empty cell")
  func page() throws {
    let text = try ParityPage().text()
    let file = ParityFiles.root.appending(path: ParityPage.file)
    if ParityFiles.isRecording {
      try text.write(to: file, atomically: true, encoding: .utf8)
      Issue.record("recorded \(ParityPage.file)")
      return
    }
    let stored = try String(contentsOf: file, encoding: .utf8)
    #expect(
      stored == text, "\(ParityPage.file) is stale: run RECORD_PARITY=1 swift test -c release --filter ParityTests")
    for line in text.split(separator: "\n") where line.hasPrefix("|") {
      let cells = line.dropFirst().dropLast().components(separatedBy: " | ")
      #expect(cells.allSatisfy { !$0.trimmingCharacters(in: .whitespaces).isEmpty }, "an empty cell: \(line)")
    }
  }
}
