/// One word of a colour-map source.
struct ColorMapToken: Equatable {
  enum Kind: Equatable {
    /// Three or six hexadecimal digits.
    case color(red: UInt8, green: UInt8, blue: UInt8)
    /// One or two hexadecimal digits; one digit `d` stands for `dd`.
    case index(UInt8)
    case colon
    case comma
    case unknown
  }

  var kind: Kind
  var text: String
  /// Counted in characters (Unicode scalars) from 1.
  var column: Int
}

/// Splits a colour-map source into tokens; white space separates and is dropped.
///
/// A run of hexadecimal digits is read greedily from the left: six digits are a colour, else three, else one or two are an
/// index. `ffff` is therefore the colour `fff` followed by the index `f`, which the parser refuses.
struct ColorMapLexer {
  private let scalars: [Unicode.Scalar]

  init(_ source: String) { scalars = Array(source.unicodeScalars) }

  /// The column just behind the source.
  var endColumn: Int { scalars.count + 1 }

  func tokens() -> [ColorMapToken] {
    var tokens: [ColorMapToken] = []
    var position = 0
    while position < scalars.count {
      let scalar = scalars[position]
      if scalar.properties.isWhitespace {
        position += 1
        continue
      }
      let length = tokenLength(at: position)
      let text = String(String.UnicodeScalarView(scalars[position..<position + length]))
      tokens.append(ColorMapToken(kind: kind(at: position, length), text: text, column: position + 1))
      position += length
    }
    return tokens
  }

  private func tokenLength(at position: Int) -> Int {
    let digits = scalars[position...].prefix(6).prefix { digit($0) != nil }.count
    return digits == 6 ? 6 : digits >= 3 ? 3 : max(1, digits)
  }

  private func kind(at position: Int, _ length: Int) -> ColorMapToken.Kind {
    let values = scalars[position..<position + length].compactMap { digit($0) }
    switch values.count {
    case 6:
      return .color(
        red: values[0] << 4 | values[1], green: values[2] << 4 | values[3], blue: values[4] << 4 | values[5])
    case 3: return .color(red: values[0] * 17, green: values[1] * 17, blue: values[2] * 17)
    case 2: return .index(values[0] << 4 | values[1])
    case 1: return .index(values[0] * 17)
    default: return scalars[position] == ":" ? .colon : scalars[position] == "," ? .comma : .unknown
    }
  }

  private func digit(_ scalar: Unicode.Scalar) -> UInt8? {
    switch scalar {
    case "0"..."9": UInt8(scalar.value - 48)
    case "a"..."f": UInt8(scalar.value - 87)
    case "A"..."F": UInt8(scalar.value - 55)
    default: nil
    }
  }
}
