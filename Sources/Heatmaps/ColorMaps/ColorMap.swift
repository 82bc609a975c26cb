/// A colour map: values in 0…1 to colours, linear between the colours named in its source.
///
/// The source is written in CMSL, the colour-map specification language of zennit (Anders et al., "Software for
/// Dataset-wide XAI", 2021): comma-separated colours of 3 or 6 hexadecimal digits, each optionally behind an index of 1 or 2
/// hexadecimal digits and a colon. `00f,80:fff,f00` runs from blue over white in the middle to red.
public struct ColorMap: Hashable, Sendable {
  /// The source it was compiled from.
  public let source: String
  private let stops: ColorMapStops

  private init(source: String, stops: ColorMapStops) {
    self.source = source
    self.stops = stops
  }

  /// The built-in map `bwr`, blue over white to red.
  public static let bwr = ColorMap(
    source: "00f,80:fff,f00",
    stops: ColorMapStops([
      .init(position: 0, color: RGB(0, 0, 255)), .init(position: 128, color: RGB(255, 255, 255)),
      .init(position: 255, color: RGB(255, 0, 0)),
    ]))

  /// Compiles a source.
  /// - Throws: ``HeatmapError/colorMapSource(source:column:found:expected:)``.
  public init(source: String) throws(HeatmapError) {
    self.source = source
    stops = try ColorMapStops(ColorMapParser(source).nodes(), source: source)
  }

  /// The map of this name, else the map compiled from `text` as a source.
  /// - Parameter library: where names are looked up; the built-in maps if `nil`.
  /// - Throws: ``HeatmapError/colorMapSource(source:column:found:expected:)`` if it is neither; the message lists the names.
  public init(_ text: String, in library: ColorMapLibrary? = nil) throws(HeatmapError) {
    if let source = library.map({ $0[name: text] }) ?? BuiltInColorMaps.source(of: text) {
      self = try ColorMap(source: source)
      return
    }
    do {
      self = try ColorMap(source: text)
    } catch .colorMapSource(let source, let column, let found, let expected) {
      let names = (library?.names ?? BuiltInColorMaps.names).joined(separator: ", ")
      throw .colorMapSource(
        source: source, column: column, found: found, expected: expected + "; or one of the names \(names)")
    }
  }

  /// The colour of `value`, which is cut off to 0…1. Channels lie in 0…1; NaN gives NaN.
  public func callAsFunction(_ value: Double) -> SIMD3<Double> {
    let scaled = value * 255
    return stops.color(at: scaled > 255 ? 255 : scaled < 0 ? 0 : scaled)
  }

  /// The 256 colours that values 0…255 take.
  /// - Parameter level: 1 shows the whole map. Below 1 only its middle is used, at 0 a single colour; above 1 the ends are
  ///   reached earlier and the middle gets steeper. Negative levels turn the map around.
  public func palette(level: Double = 1) -> [RGB] {
    let step = 2.0 / 255.0
    return (0..<256).map { entry in
      let centered = (entry == 255 ? 1 : Double(entry) * step - 1) * level
      let value = (centered + 1) / 2
      let channels = self(value < 0 ? 0 : value > 1 ? 1 : value)
      return RGB(quantized(channels.x), quantized(channels.y), quantized(channels.z))
    }
  }

  /// ``palette(level:)`` at level 1.
  public var table: [RGB] { palette() }

  /// `count` colours from the low to the high end: a bar to show the map as, for example in a terminal.
  public func bar(count: Int, level: Double = 1) -> [RGB] {
    let palette = palette(level: level)
    guard count > 1 else { return count == 1 ? [palette[128]] : [] }
    return (0..<count).map { palette[($0 * 255 + (count - 1) / 2) / (count - 1)] }
  }

  /// 0…1 to a byte, rounded down. Rounding to twelve places first keeps 254.99999999999997 from becoming 254.
  private func quantized(_ channel: Double) -> UInt8 {
    byte(truncating: (channel * 255 * 1e12).rounded(.toNearestOrEven) / 1e12)
  }
}
