extension Double {
  /// The shortest text that reads back as the same number, bit for bit: `0.25`, `1e-6`, `2`, `-0`.
  package var shortestText: String {
    // Up to here every whole number is exact, so that no digits are made up; minus zero needs its sign.
    if self == rounded(), abs(self) < 1e15 { return self == 0 && sign == .minus ? "-0" : String(Int(self)) }
    return "\(self)".replacing("e-0", with: "e-")
  }
}
