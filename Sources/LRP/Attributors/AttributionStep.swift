/// A step of an explanation: a node that is run, or whose relevance is propagated.
public struct AttributionStep: Sendable, Equatable {
  public enum Direction: Sendable {
    case forward, backward
  }
  public let direction: Direction
  /// The node's index in its network; that of the input, 0, is the last one backward.
  public let node: Int
  /// How much of the whole explanation is done, 0…1.
  public let share: Double

  public init(_ direction: Direction, node: Int, share: Double) {
    self.direction = direction
    self.node = node
    self.share = share
  }

  /// The same step in an explanation of which this one is a part.
  /// - Parameters:
  ///   - start: what is done before the part, 0…1.
  ///   - size: how much the part is of the whole, 0…1.
  public func part(from start: Double, size: Double) -> AttributionStep {
    AttributionStep(direction, node: node, share: start + share * size)
  }
}

extension AttributionStep {
  /// The same step in one of several explanations of equal length, counted from 0.
  public func part(_ index: Int, of count: Int) -> AttributionStep {
    part(from: Double(index) / Double(count), size: 1 / Double(count))
  }
}

/// Called before each step of an explanation; may throw to cancel.
public typealias AttributionObserver = (AttributionStep) throws -> Void
