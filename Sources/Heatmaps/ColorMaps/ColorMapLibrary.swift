/// Colour-map sources by name, compiled when asked for. A new library holds the built-in maps.
public struct ColorMapLibrary: Sendable {
  private var sources: [String: String]

  public init() {
    sources = Dictionary(BuiltInColorMaps.all.map { ($0.name, $0.source) }) { first, _ in first }
  }

  /// A library of these sources only.
  public init(sources: [String: String]) { self.sources = sources }

  /// The names, sorted.
  public var names: [String] { sources.keys.sorted() }

  /// The source under a name; setting `nil` removes it. Sources are not checked before they are compiled.
  public subscript(name name: String) -> String? {
    get { sources[name] }
    set { sources[name] = newValue }
  }

  /// Compiles the map called `name`.
  /// - Throws: ``HeatmapError/unknownColorMap(name:known:)`` or
  ///   ``HeatmapError/colorMapSource(source:column:found:expected:)``.
  public func colorMap(named name: String) throws(HeatmapError) -> ColorMap {
    guard let source = sources[name] else { throw .unknownColorMap(name: name, known: names) }
    return try ColorMap(source: source)
  }
}
