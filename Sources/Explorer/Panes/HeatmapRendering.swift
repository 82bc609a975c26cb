import Heatmaps
import Tensors
import TerminalUI

/// The picture in the heatmap pane, kept as long as nothing it is made from changes.
package struct RenderedHeatmap: Sendable {
  package struct Panel: Sendable {
    package var title: String
    /// At its own resolution.
    package var map: RelevanceMap
    package var image: HalfBlockImage
    package var scale: HeatmapScale
    /// Place of the image in the pane's picture area, in cells.
    package var x: Int
    package var y: Int
  }

  struct Key: Hashable {
    var request: Int
    var pinned: Int?
    /// The second half of a pair of classes.
    var contrast: Int?
    var node: Int
    var content: HeatmapPane.Content
    var channels: HeatmapPane.Channels
    var comparison: HeatmapPane.Comparison
    var palette: String
    var level: Double
    var norm: RelevanceNorm
    var percentile: Double
    var locked: HeatmapScale?
    var width: Int
    var height: Int
    var isDimmed: Bool
    /// Values of a sweep that are there.
    var swept: Int?
    /// Whether those values share one scale.
    var sharesScale: Bool
    /// Of what is compared.
    var scales: HeatmapPane.Scales
    var input: InputEntry?
  }

  let key: Key
  package var panels: [Panel]
  /// At their own resolution, all that share the scale, shown or not.
  var compared: [RelevanceMap]
  /// Of the panels compared; those of a sweep may have scales of their own.
  package var scale: HeatmapScale
  /// A long row of units is shown folded to this many columns.
  package var isFolded: Bool
  /// Whether A and B, or 1 and 2, are compared.
  package var isComparison: Bool
  /// Whether each panel has a scale of its own.
  package var ownScales: Bool
  /// Of what is compared, the map that is too weak to be seen on the other's scale, and how many times weaker it is.
  package var weaker: (title: String, times: Float)?
}

/// Relevance maps at their own resolution by layer, for one outcome.
struct MapCache: Sendable {
  private var maps: [MapKey: (map: RelevanceMap, isFolded: Bool)] = [:]

  private var strongest: [MapKey: [Int]] = [:]

  /// How many maps and lists are kept.
  var count: Int { maps.count + strongest.count }
  private static let mapLimit = 64
  private static let listLimit = 32
  static let limit = mapLimit + listLimit

  /// How many of the strongest channels can be looked at.
  static let channelLimit = 16

  private struct MapKey: Hashable {
    var request: Int
    var node: Int
    var channel: Int?
  }

  /// The strongest channels of a layer, strongest first, each with its map; none where there are no positions.
  mutating func channels(
    _ outcome: AttributionOutcome, request: Int, node: Int, count: Int
  ) -> [(channel: Int, map: RelevanceMap)] {
    guard outcome.nodeRelevance.indices.contains(node), let tensor = outcome.nodeRelevance[node],
      tensor.shape.spatialCount > 1, tensor.shape.channels > 1
    else { return [] }
    let key = MapKey(request: request, node: node)
    let order =
      strongest[key] ?? (try? RelevanceMap.strongestChannels(of: tensor, count: Self.channelLimit)) ?? []
    if strongest.count >= Self.listLimit { strongest.removeAll() }
    strongest[key] = order
    return order.prefix(count).compactMap { channel in
      let key = MapKey(request: request, node: node, channel: channel)
      if let known = maps[key] { return (channel, known.map) }
      guard let map = try? RelevanceMap(channel: channel, of: tensor) else { return nil }
      if maps.count >= Self.mapLimit { maps.removeAll() }
      maps[key] = (map, false)
      return (channel, map)
    }
  }

  mutating func map(_ outcome: AttributionOutcome, request: Int, node: Int) -> (map: RelevanceMap, isFolded: Bool)? {
    if node == 0, let map = outcome.inputMap, map.height > 1 { return (map, false) }
    let key = MapKey(request: request, node: node)
    if let known = maps[key] { return known }
    guard outcome.nodeRelevance.indices.contains(node), let tensor = outcome.nodeRelevance[node],
      let result = Self.map(of: tensor)
    else { return nil }
    if maps.count >= Self.mapLimit { maps.removeAll() }
    maps[key] = result
    return result
  }

  /// The sum over channels; where there are no positions, the channels themselves, folded to a near square.
  private static func map(of tensor: Tensor) -> (map: RelevanceMap, isFolded: Bool)? {
    if tensor.shape.spatialCount > 1, let map = try? RelevanceMap(channelSumOf: tensor) {
      if map.height > 1 || map.width <= 64 { return (map, false) }
      return (folded(map.values), true)
    }
    guard tensor.shape.rank >= 2 else { return nil }
    let units = Array(tensor.rowMajorElements().prefix(tensor.shape.sampleCount))
    return units.isEmpty ? nil : (folded(units), true)
  }

  private static func folded(_ values: [Float]) -> RelevanceMap {
    var width = 1
    while width * width < values.count { width += 1 }
    let height = (values.count + width - 1) / width
    let padding = [Float](repeating: 0, count: width * height - values.count)
    return RelevanceMap(width: width, height: height, values: values + padding)
  }
}

extension HeatmapPane {
  /// Brings the picture up to date; does nothing if nothing it is made from has changed.
  mutating func render(
    _ state: AttributionState, _ model: ModelState?, _ sweep: Sweep?, _ contrast: Contrast?, area: Rect
  ) {
    guard let model, let outcome = state.outcome, !area.isEmpty else {
      rendered = nil
      return
    }
    let key = RenderedHeatmap.Key(
      request: state.outcomeRequest, pinned: pinned?.outcomeRequest, contrast: contrast?.pair?.secondRequest,
      node: node,
      content: content, channels: channels,
      comparison: comparison,
      palette: colorMapName, level: level, norm: norm, percentile: percentile, locked: lockedScale, width: area.width,
      height: area.height,
      isDimmed: state.isVisiblyStale || contrast?.pair.map { $0.firstRequest != state.outcomeRequest } == true
        || pinned?.isRunning == true,
      swept: sweep?.results.count, sharesScale: sweep?.sharesScale ?? true, scales: scales,
      input: model.opened.sample.entry)
    if rendered?.key == key { return }
    guard let (map, isFolded) = maps.map(outcome, request: state.outcomeRequest, node: node) else {
      rendered = nil
      return
    }
    var sources = [(title: "", map: map)]
    var compared: [RelevanceMap] = [map]
    if let (first, second) = pinnedPair(map, model), let difference = second.minus(first) {
      compared = [first, second]
      sources = [("A", first), ("B", second), ("B−A", difference)]
    }
    if let pair = contrast?.pair, let first = maps.map(pair.first, request: pair.firstRequest, node: node)?.map,
      let second = maps.map(pair.second, request: pair.secondRequest, node: node)?.map,
      let difference = first.minus(second)
    {
      compared = [first, second]
      sources = [("1", first), ("2", second), ("1−2", difference)]
    }
    let swept = (sweep?.results ?? []).enumerated().map { (title: sweep?.label($0) ?? "", map: $1.map) }
    let parts = swept.isEmpty ? channelMaps(outcome, request: state.outcomeRequest, area: area) : swept
    let shown: [(title: String, map: RelevanceMap)]
    switch comparison {
    case _ where !parts.isEmpty:
      shown = parts
      compared = parts.map(\.map)
    case _ where sources.count == 1: shown = sources
    case .all: shown = sources
    case .first: shown = [sources[0]]
    case .second: shown = [sources[1]]
    case .difference: shown = [sources[2]]
    }
    let places = Self.arrange(shown.count, width: map.width, height: map.height, in: area)
    guard let first = places.first, first.pixelWidth > 0 else {
      rendered = nil
      return
    }
    func fitted(_ map: RelevanceMap) -> RelevanceMap {
      map.resampled(width: first.pixelWidth, height: first.pixelHeight, quantity: .mean)
    }
    func scale(of maps: [RelevanceMap]) -> HeatmapScale {
      lockedScale ?? HeatmapScale(of: maps.map(fitted), norm: norm, percentile: percentile)
    }
    let common = scale(of: compared)
    let isComparison = sources.count == 3 && parts.isEmpty
    let weaker = isComparison ? Self.weaker(sources.prefix(2).map { ($0.title, scale(of: [$0.map])) }) : nil
    let ownScales =
      lockedScale == nil
      && (isComparison ? scales == .own || scales == .automatic && weaker != nil : !key.sharesScale)
    let palette = (colorMap ?? Self.standardColorMap)?.palette(level: level) ?? []
    let panels = zip(shown, places).map { source, place in
      let scale = ownScales ? scale(of: [source.map]) : common
      let image = image(
        fitted(source.map), scale: scale, palette: palette, picture: node == 0 ? model.opened.sample.picture : nil,
        isDimmed: key.isDimmed)
      return RenderedHeatmap.Panel(
        title: source.title, map: source.map, image: image, scale: scale, x: place.x, y: place.y)
    }
    rendered = RenderedHeatmap(
      key: key, panels: panels, compared: compared, scale: common, isFolded: isFolded, isComparison: isComparison,
      ownScales: ownScales, weaker: weaker)
  }

  /// On a scale so many times wider than its own, a map is nearly of one colour.
  private static let visibleRatio: Float = 10

  /// The map of two that cannot be seen on the other's scale.
  private static func weaker(_ pair: [(title: String, scale: HeatmapScale)]) -> (title: String, times: Float)? {
    let sorted = pair.map { ($0.title, max(abs($0.scale.lower), abs($0.scale.upper))) }.sorted { $0.1 < $1.1 }
    guard let (title, small) = sorted.first, let large = sorted.last?.1, small > 0, large > visibleRatio * small
    else { return nil }
    return (title, large / small)
  }

  /// The channels that are shown in place of their sum, with titles.
  private mutating func channelMaps(
    _ outcome: AttributionOutcome, request: Int, area: Rect
  ) -> [(title: String, map: RelevanceMap)] {
    let count: Int
    switch channels {
    case .sum: return []
    case .one(let rank): count = rank + 1
    case .grid: count = area.width < 44 ? 6 : 12
    }
    let all = maps.channels(outcome, request: request, node: node, count: count)
      .map { (title: "ch \($0.channel)", map: $0.map) }
    if case .one = channels { return Array(all.suffix(1)) }
    return all
  }

  static let standardColorMap = try? ColorMap("coldnhot")

  /// A and B; while A is explained anew for another input or class, those that were compared before.
  private mutating func pinnedPair(_ map: RelevanceMap, _ model: ModelState) -> (RelevanceMap, RelevanceMap)? {
    guard let pinned, let name = model.row(node)?.name, let number = pinned.nodes[name] else { return nil }
    if pinned.isOutdated {
      guard pinned.request != nil, let rendered, rendered.isComparison, rendered.key.pinned != nil,
        rendered.key.node == node
      else { return nil }
      return (rendered.compared[0], rendered.compared[1])
    }
    return maps.map(pinned.outcome, request: pinned.outcomeRequest, node: number).map { ($0.map, map) }
  }

  private func image(
    _ map: RelevanceMap, scale: HeatmapScale, palette: [RGB], picture: Picture?, isDimmed: Bool
  ) -> HalfBlockImage {
    let colored: Picture
    var hasValues = true
    switch (content, picture) {
    case (.picture, let picture?):
      colored = picture.resampled(width: map.width, height: map.height)
      hasValues = false
    case (.overlay, let picture?) where palette.count == 256:
      colored = Overlay()(map, over: picture, scale: scale, palette: palette)
    default:
      colored =
        palette.count == 256
        ? Heatmap.rgb(map, scale: scale, palette: palette)
        : Picture(width: 0, height: 0, rgb: [])
    }
    let pixels = (0..<colored.width * colored.height).map { index in
      let pixel = colored.pixel(index)
      let color = Color(red: pixel.red, green: pixel.green, blue: pixel.blue)
      return isDimmed && hasValues ? color.mixed(with: Self.staleColor, fraction: 0.65) : color
    }
    let values = hasValues ? map.values.map { Self.signed($0, scale) } : nil
    return HalfBlockImage(width: colored.width, height: colored.height, pixels: pixels, values: values)
  }

  private static let staleColor = Color(0x4A4E57)

  /// A value's place on the scale in -1…1, for terminals without colours.
  private static func signed(_ value: Float, _ scale: HeatmapScale) -> Float {
    let position = scale.normalized(value)
    return scale.norm == .absolute ? position : 2 * position - 1
  }

  struct PanelPlace: Equatable {
    var x: Int
    var y: Int
    var pixelWidth: Int
    var pixelHeight: Int
  }

  /// Where `count` images of the given proportions are as large as possible in an area; several have a title line
  /// above each.
  static func arrange(_ count: Int, width: Int, height: Int, in area: Rect) -> [PanelPlace] {
    let grids = (1...max(1, count)).reversed().map { ($0, (count + $0 - 1) / $0) }
    var best: [PanelPlace] = []
    for (columns, rows) in grids {
      let titleRows = count > 1 ? 1 : 0
      let (cellWidth, cellHeight) = (area.width / columns, area.height / rows)
      let gap = columns > 1 ? 1 : 0
      guard let size = fitting(width, height, columns: cellWidth - gap, rows: cellHeight - titleRows),
        size.width > best.first?.pixelWidth ?? 0
      else { continue }
      let imageRows = (size.height + 1) / 2
      let totalHeight = rows * (imageRows + titleRows)
      best = (0..<count).map { index in
        PanelPlace(
          x: index % columns * cellWidth + (cellWidth - size.width) / 2,
          y: (area.height - totalHeight) / 2 + index / columns * (imageRows + titleRows) + titleRows,
          pixelWidth: size.width, pixelHeight: size.height)
      }
    }
    return best
  }

  /// Like ``Picture/fitting(width:height:columns:rows:cellAspect:enlarges:)``, but small maps grow by whole factors, so
  /// that all their positions are of one size.
  private static func fitting(_ width: Int, _ height: Int, columns: Int, rows: Int) -> (width: Int, height: Int)? {
    let factor = min(columns / max(1, width), 2 * rows / max(1, height))
    if factor >= 2 { return (width * factor, height * factor) }
    return Picture.fitting(width: width, height: height, columns: columns, rows: rows, enlarges: true)
  }
}
