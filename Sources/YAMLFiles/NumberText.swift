/// Numbers as text: the shortest that reads back as the same number, bit for bit.
package enum NumberText {
  package static func text(_ number: Double) -> String {
    // Up to here every whole number is exact, so that no digits are made up; minus zero needs its sign.
    if number == number.rounded(), abs(number) < 1e15, !(number == 0 && number.sign == .minus) {
      return String(Int(number))
    }
    return "\(number)".replacing("e-0", with: "e-")
  }

  /// `nil` for anything but a finite decimal number.
  package static func value(_ text: String) -> Double? {
    guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) || "+-.eE".utf8.contains($0) }),
      let value = Double(text), value.isFinite
    else { return nil }
    return value
  }
}
