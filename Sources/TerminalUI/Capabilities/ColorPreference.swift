/// The option `--color`.
public enum ColorPreference: String, Hashable, Sendable, CaseIterable {
  /// As the terminal and the environment suggest.
  case auto
  /// Colours even with `NO_COLOR`.
  case always
  /// No colours.
  case never
}
