extension String {
  /// Text from a file, fit for a message on a terminal: no control characters, not endless.
  package func shown(limit: Int = 80) -> String {
    let scalars = unicodeScalars.prefix(limit).map { scalar in
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator: "\\u{\(String(scalar.value, radix: 16))}"
      default: String(scalar)
      }
    }
    return scalars.joined() + (unicodeScalars.dropFirst(limit).isEmpty ? "" : "…")
  }
}
