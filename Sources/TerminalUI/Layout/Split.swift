/// Which way a rectangle is cut.
public enum Axis: Sendable {
  /// Parts side by side.
  case horizontal
  /// Parts one above the other.
  case vertical
}

/// How much of a rectangle a part gets.
public enum Constraint: Hashable, Sendable {
  /// So many cells.
  case fixed(Int)
  /// A part of the whole, 0…1.
  case fraction(Double)
  /// An equal share of what the others leave.
  case fill
}

extension Rect {
  /// Cuts the rectangle along an axis. Parts earlier in the list get their room first; what does not fit becomes
  /// empty, so the result always has as many parts as there are constraints and never leaves the rectangle.
  ///
  /// - Parameter gap: free cells between neighbours.
  public func split(_ axis: Axis, _ constraints: [Constraint], gap: Int = 0) -> [Rect] {
    let extent = axis == .horizontal ? width : height
    let spacing = max(0, gap)
    let room = max(0, extent - spacing * max(0, constraints.count - 1))
    var left = room
    var lengths = [Int](repeating: 0, count: constraints.count)
    for (index, constraint) in constraints.enumerated() {
      let wanted: Int
      switch constraint {
      case .fixed(let length): wanted = length
      case .fraction(let part): wanted = part.isFinite ? Int((Double(room) * min(1, max(0, part))).rounded()) : 0
      case .fill: continue
      }
      lengths[index] = min(left, max(0, wanted))
      left -= lengths[index]
    }
    let fillers = constraints.indices.filter { constraints[$0] == .fill }
    for (order, index) in fillers.enumerated() {
      let others = fillers.count - order
      lengths[index] = (left + others - 1) / others
      left -= lengths[index]
    }
    var position = 0
    return lengths.map { length in
      let start = min(position, extent)
      position += length + spacing
      return axis == .horizontal
        ? Rect(x: x + start, y: y, width: length, height: height)
        : Rect(x: x, y: y + start, width: width, height: length)
    }
  }
}
