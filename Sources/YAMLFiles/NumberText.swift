import NeuralNetwork

/// Numbers as text: the shortest that reads back as the same number, bit for bit.
package enum NumberText {
  package static func text(_ number: Double) -> String { number.shortestText }

  /// `nil` for anything but a finite decimal number.
  package static func value(_ text: String) -> Double? {
    guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) || "+-.eE".utf8.contains($0) }),
      let value = Double(text), value.isFinite
    else { return nil }
    return value
  }
}
