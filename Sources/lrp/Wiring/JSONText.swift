import Foundation

/// Results as JSON: stable order, readable, numbers as short as they can be.
enum JSONText {
  static func text(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self) + "\n"
  }
}

extension Double {
  /// JSON has no NaN and no infinity: they become `null`.
  var jsonValue: Double? { isFinite ? self : nil }
}
