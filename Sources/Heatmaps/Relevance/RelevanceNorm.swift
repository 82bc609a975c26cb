/// How relevance is laid onto 0…1 before it is coloured. The raw values are the words of the command line.
public enum RelevanceNorm: String, CaseIterable, Hashable, Sendable {
  /// -m…m to 0…1 with m = max|r|: zero is in the middle, both signs can be compared.
  case symmetric
  /// |r| from 0…m to 0…1: only the amount counts, zero is at the low end.
  case absolute
  /// min…max to 0…1; zero is nowhere in particular.
  case unaligned

  /// The value that is compared with the bounds.
  @inline(__always)
  public func measured(_ value: Float) -> Float { self == .absolute ? abs(value) : value }
}
