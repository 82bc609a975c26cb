/// A colour of a colour-map source, at its index if one is written.
struct ColorMapNode: Equatable {
  var index: UInt8?
  var color: RGB
  var column: Int
}

/// Reads `[index ":"] colour` entries separated by commas. A comma behind the last entry is allowed.
struct ColorMapParser {
  private let source: String

  init(_ source: String) { self.source = source }

  /// - Throws: ``HeatmapError/colorMapSource(source:column:found:expected:)`` at the first token that does not fit.
  func nodes() throws(HeatmapError) -> [ColorMapNode] {
    let lexer = ColorMapLexer(source)
    var nodes: [ColorMapNode] = []
    var state = State.entry
    for token in lexer.tokens() {
      switch (state, token.kind) {
      case (.entry, .index(let index)):
        state = .colon(index: index, text: token.text, column: token.column)
      case (.colon(let index, let text, let column), .colon):
        state = .color(index: index, text: text, column: column)
      case (.entry, .color(let red, let green, let blue)):
        nodes.append(ColorMapNode(index: nil, color: RGB(red, green, blue), column: token.column))
        state = .comma
      case (.color(let index, _, let column), .color(let red, let green, let blue)):
        nodes.append(ColorMapNode(index: index, color: RGB(red, green, blue), column: column))
        state = .comma
      case (.comma, .comma):
        state = .entry
      default:
        throw error(token.column, found: "\"\(token.text)\"", expected: state.expectation)
      }
    }
    switch state {
    case .colon, .color: throw error(lexer.endColumn, found: "the end", expected: state.expectation)
    case .entry, .comma: break
    }
    guard nodes.count >= 2 else {
      let found = nodes.isEmpty ? "no colour" : "one colour"
      throw error(lexer.endColumn, found: found, expected: "at least two, as in \"000,fff\"")
    }
    return nodes
  }

  private enum State {
    case entry
    case colon(index: UInt8, text: String, column: Int)
    case color(index: UInt8, text: String, column: Int)
    case comma

    var expectation: String {
      switch self {
      case .entry: "a colour (3 or 6 hexadecimal digits) or an index (1 or 2) with \":\" and a colour"
      case .colon(_, let text, _): "\":\" and a colour behind the index \"\(text)\" (a colour has 3 or 6 digits)"
      case .color(_, let text, _): "a colour (3 or 6 hexadecimal digits) for the index \"\(text)\""
      case .comma: "\",\" or the end"
      }
    }
  }

  private func error(_ column: Int, found: String, expected: String) -> HeatmapError {
    .colorMapSource(source: source, column: column, found: found, expected: expected)
  }
}
