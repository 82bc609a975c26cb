import Heatmaps
import TerminalUI

/// Relevance as a picture: at the input or at a layer's output, alone or compared with a pinned one.
package struct HeatmapPane: Sendable {
  package enum Content: Hashable, Sendable, CaseIterable {
    case relevance, overlay, picture
    var next: Content { self == .relevance ? .overlay : self == .overlay ? .picture : .relevance }
  }

  /// Which of a layer's channels are shown.
  package enum Channels: Hashable, Sendable {
    case sum
    /// One of the strongest, by rank from 0.
    case one(Int)
    /// The strongest side by side.
    case grid
  }

  /// What is shown of two heatmaps: A and B, or those of two classes.
  package enum Comparison: Hashable, Sendable {
    case all, first, second, difference
    var next: Comparison {
      switch self {
      case .all: .first
      case .first: .second
      case .second: .difference
      case .difference: .all
      }
    }
  }

  /// Of what is compared, which scales the maps have.
  package enum Scales: Hashable, Sendable {
    /// One for all, unless one of them is too weak to be seen on it.
    case automatic
    case common, own
  }

  /// Rows below the picture: scale, and what is known or going on.
  package static let footRows = 2
  package static let percentiles: [Double] = [100, 99.9, 99, 98, 95]

  /// The layer whose output is shown; 0 is the input.
  package var node = 0
  package var content = Content.relevance
  package var channels = Channels.sum
  package var colorMapName = "coldnhot"
  package var colorMap: ColorMap?
  package var level = 1.0
  package var norm = RelevanceNorm.symmetric
  package var percentile = 99.0
  package var lockedScale: HeatmapScale?
  package var pinned: PinnedExplanation?
  package var scales = Scales.automatic
  package var comparison = Comparison.all
  /// A position of the map shown.
  package var probe: MapPosition?
  /// Drawn on the picture.
  package var rectangle: MarkedRectangle?
  package internal(set) var rendered: RenderedHeatmap?
  var maps = MapCache()
  /// How much is kept for showing it again, and how much at most.
  package var cachedMaps: Int { maps.count }
  package static let cachedMapLimit = MapCache.limit

  package init() {}

  /// Another model has been opened.
  mutating func forgetModel() {
    node = 0
    probe = nil
    rectangle = nil
    pinned = nil
    lockedScale = nil
    scales = .automatic
    rendered = nil
    maps = MapCache()
  }

  package mutating func show(node: Int) {
    if node != self.node { probe = nil }
    self.node = node
  }

  /// From the sum to the strongest channel, the second strongest, …, or back.
  mutating func stepChannel(forward: Bool) {
    let last = MapCache.channelLimit - 1
    switch channels {
    case .sum, .grid: channels = forward ? .one(0) : .sum
    case .one(let rank): channels = forward ? .one(min(rank + 1, last)) : rank > 0 ? .one(rank - 1) : .sum
    }
  }

  /// - Returns: why the map cannot be used, or `nil`.
  mutating func setColorMap(_ text: String) -> String? {
    do {
      colorMap = try ColorMap(text)
      colorMapName = text
      return nil
    } catch {
      return "\(error)"
    }
  }

  mutating func changeLevel(up: Bool) {
    let levels = [0.25, 0.5, 0.75, 1, 1.5, 2, 3, 5, 8]
    let place = levels.firstIndex { $0 >= level } ?? 3
    level = levels[min(levels.count - 1, max(0, place + (up ? 1 : -1)))]
  }

  mutating func nextNorm() {
    norm = norm == .symmetric ? .absolute : norm == .absolute ? .unaligned : .symmetric
    lockedScale = nil
  }

  mutating func nextPercentile() {
    percentile = Self.percentiles.first { $0 < percentile } ?? Self.percentiles[0]
    lockedScale = nil
  }

  /// Locks the scale or lets it follow; of what is compared, gives each map its own scale or all of them one.
  mutating func toggleLock() {
    if lockedScale == nil, let rendered, rendered.isComparison {
      scales = rendered.ownScales ? .common : .own
    } else {
      lockedScale = lockedScale == nil ? rendered?.scale : nil
    }
  }

  /// Moves the probe by about one dot of the screen.
  mutating func moveProbe(_ key: Key) {
    guard let panel = rendered?.panels.first else { return }
    let (map, image) = (panel.map, panel.image)
    var position = probe ?? MapPosition(column: map.width / 2, row: map.height / 2)
    let stepX = max(1, map.width / max(1, image.width))
    let stepY = max(1, map.height / max(1, image.height))
    if probe != nil {
      switch key {
      case .left, .character("h"): position.column -= stepX
      case .right, .character("l"): position.column += stepX
      case .up, .character("k"): position.row -= stepY
      default: position.row += stepY
      }
    }
    position.column = min(max(0, position.column), max(0, map.width - 1))
    position.row = min(max(0, position.row), max(0, map.height - 1))
    probe = position
    followProbe()
  }

  /// Puts the probe under a cell of the screen.
  mutating func placeProbe(x: Int, y: Int, in place: Rect) {
    guard let rendered else { return }
    let area = HeatmapPane.pictureArea(of: place)
    for panel in rendered.panels {
      let (column, row) = (x - area.x - panel.x, y - area.y - panel.y)
      if let positions = panel.map.positions(
        inCell: (column, 2 * row), ofGrid: panel.image.width, panel.image.height)
      {
        probe = MapPosition(column: positions.columns.lowerBound, row: positions.rows.lowerBound)
        followProbe()
        return
      }
    }
  }

  /// Where the picture is in the pane.
  package static func pictureArea(of place: Rect) -> Rect { Frame.interior(of: place).inset(bottom: footRows) }
}

/// A position of a relevance map.
package struct MapPosition: Hashable, Sendable {
  package var column: Int
  package var row: Int
}
