/// The colour maps that come with zennit, under the same names.
public enum BuiltInColorMaps {
  public struct Entry: Hashable, Sendable {
    public let name: String
    public let source: String
    public let summary: String
    /// Whether the middle of the map stands for zero, which suits relevance with both signs.
    public let isDiverging: Bool
  }

  /// In the order in which they are listed and paged through.
  public static let all: [Entry] = [
    entry("coldnhot", "0ff,00f,80:000,f00,ff0,fff", "cyan over black to white: cold turned round, then hot", true),
    entry("bwr", "00f,80:fff,f00", "blue over white to red", true),
    entry("seismic", "0000d0,80:d0d0d0,d00000", "blue over light grey to red", true),
    entry("france", "0055a4,80:fff,ef4135", "the French flag's blue over white to its red", true),
    entry("coolio", "00d0d0,80:d0d0d0,d000d0", "cyan over light grey to magenta", true),
    entry("coleus", "00d000,80:d0d0d0,d000d0", "green over light grey to magenta", true),
    entry("hot", "000,f00,ff0,fff", "black over red and yellow to white", false),
    entry("cold", "000,00f,0ff", "black over blue to cyan", false),
    entry("wred", "fff,f00", "white to red", false),
    entry("wblue", "fff,00f", "white to blue", false),
    entry("gray", "000,fff", "black to white", false),
  ]

  /// The names in listing order.
  public static var names: [String] { all.map(\.name) }

  /// The source of the built-in map called `name`.
  public static func source(of name: String) -> String? { all.first { $0.name == name }?.source }

  private static func entry(_ name: String, _ source: String, _ summary: String, _ isDiverging: Bool) -> Entry {
    Entry(name: name, source: source, summary: summary, isDiverging: isDiverging)
  }
}
