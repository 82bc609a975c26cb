/// A horizontal bar of one or more stacked segments, exact to an eighth of a cell.
public struct Bar: Sendable {
  public struct Segment: Sendable {
    public var value: Double
    public var color: Color

    public init(_ value: Double, _ color: Color) {
      self.value = value
      self.color = color
    }
  }

  /// Positive values go to the right of zero one after the other, negative ones to the left.
  public var segments: [Segment]
  /// The values at the left and right end of the bar.
  public var range: ClosedRange<Double>
  public var style: Style

  public init(segments: [Segment], range: ClosedRange<Double> = 0...1, style: Style = .plain) {
    self.segments = segments
    self.range = range
    self.style = style
  }

  public init(value: Double, color: Color, range: ClosedRange<Double> = 0...1, style: Style = .plain) {
    self.init(segments: [Segment(value, color)], range: range, style: style)
  }

  /// Draws into the first row of a rectangle. Values beyond the range are cut; what is not finite counts as zero.
  public func draw(into buffer: inout CellBuffer, in rect: Rect) {
    guard !rect.isEmpty else { return }
    let line = rect.row(0)
    let stretches = Stacking.stretches(of: segments, range: range, length: line.width)
    for (index, x) in line.columns.enumerated() {
      buffer[x, line.y] = EighthBlocks.cell(index, of: stretches, blocks: EighthBlocks.fromLeft, base: style)
    }
  }

  /// A bar as text, for a column of a table: `fraction` (clamped to 0…1) of `width` cells.
  public static func text(_ fraction: Double, width: Int) -> String {
    guard width > 0, fraction.isFinite else { return "" }
    let eighths = Int((min(1, max(0, fraction)) * Double(width) * 8).rounded())
    var text = String(repeating: "█", count: eighths / 8)
    if eighths % 8 > 0 { text.unicodeScalars.append(EighthBlocks.fromLeft[eighths % 8]) }
    return text
  }
}

/// Where the segments of a bar begin and end.
enum Stacking {
  static func stretches(of segments: [Bar.Segment], range: ClosedRange<Double>, length: Int) -> [EighthBlocks.Stretch] {
    let extent = range.upperBound - range.lowerBound
    guard extent > 0, extent.isFinite else { return [] }
    func position(_ value: Double) -> Double { (value - range.lowerBound) / extent * Double(length) }
    var above = 0.0
    var below = 0.0
    return segments.compactMap { segment in
      guard segment.value.isFinite, segment.value != 0 else { return nil }
      let start = segment.value > 0 ? above : below
      let end = start + segment.value
      if segment.value > 0 { above = end } else { below = end }
      return EighthBlocks.Stretch(from: position(min(start, end)), to: position(max(start, end)), color: segment.color)
    }
  }
}
