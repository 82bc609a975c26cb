import ArgumentParser
import CompositeFiles
import LRP

/// `lrp composites`: the presets with their maps.
struct Composites: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List the presets: composites that are known by name.",
    discussion: """
      'lrp composite export NAME --format yaml' writes one as a composite file, to be edited.
      """)

  @Flag(help: "Write JSON.") var json = false

  func run() throws {
    let rows = try Preset.all.map(Row.init)
    if json {
      print(try JSONText.text(rows), terminator: "")
      return
    }
    var table = TextTable(["composite", "first layer", "other layers", ""])
    for (row, preset) in zip(rows, Preset.all) {
      table.add([
        row.name, row.firstMap.map(\.text).joined(separator: ", "),
        row.layerMap.map(\.text).joined(separator: ", "), preset.summary,
      ])
    }
    print(table.text, terminator: "")
  }

  private struct Row: Encodable {
    struct Entry: Encodable {
      let types: [String]
      let rule: String
      let parameters: [String: String]
      var text: String { types.joined(separator: "/") + ": " + rule }

      init(_ entry: LayerMapEntry) {
        types = entry.types.map(\.name)
        rule = entry.rule.name
        let pairs = entry.rule.parameters.filter { !["low", "high"].contains($0.name) }
        parameters = Dictionary(pairs.map { ($0.name, "\($0.value)") }) { first, _ in first }
      }
    }

    let name: String
    let summary: String
    let options: [String]
    let firstMap: [Entry]
    let layerMap: [Entry]

    init(_ preset: Preset) throws {
      name = preset.name
      summary = preset.summary
      options = preset.options
      // Pixel bounds are the model's; they are left out here.
      var values = PresetOptions()
      values.low = .scalar(0)
      values.high = .scalar(1)
      let maps = try preset.maps(values)
      firstMap = maps.firstMap.map(Entry.init)
      layerMap = maps.layerMap.map(Entry.init)
    }
  }
}
