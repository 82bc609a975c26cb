import LRP
import NeuralNetwork

/// What canonizers do to a network, those that are on and those that could be.
public struct CanonizerSurvey: Sendable {
  public struct Item: Sendable {
    public var canonizer: any Canonizer
    public var isOn: Bool
    /// What it changes, or (if it is off) would change after those that are on: `9 × Add → Sum (layer1.0.add, …)`.
    public var changes: [String]
  }
  /// In the order in which they are applied.
  public var items: [Item]
  /// The network after those that are on.
  public var network: Network

  /// - Parameters:
  ///   - network: before any canonizer.
  ///   - known: canonizers to be listed in any case, in the order in which they are applied.
  ///   - on: those of them that are on.
  /// - Throws: as the canonizers do, if one that is on does not fit.
  public init(of network: Network, known: [any Canonizer], on: [any Canonizer]) throws {
    let active = Set(on.map(\.identity))
    var candidates = known
    var seen = Set(known.map(\.identity))
    let usable = CanonizerCatalog.needed(by: network) + [LogitOutput()]
    for canonizer in usable where seen.insert(canonizer.identity).inserted { candidates.append(canonizer) }

    var canonized = network
    var items: [Item] = []
    for canonizer in candidates {
      guard active.contains(canonizer.identity) else {
        items.append(Item(canonizer: canonizer, isOn: false, changes: []))
        continue
      }
      let (next, changes) = try CanonizerChange.canonizing(canonized, with: [canonizer])
      items.append(Item(canonizer: canonizer, isOn: true, changes: Self.lines(changes, canonizer)))
      canonized = next
    }
    for index in items.indices where !items[index].isOn {
      // One that does not fit after the others has nothing to offer.
      let changes = try? CanonizerChange.list([items[index].canonizer], on: canonized)
      items[index].changes = Self.lines(changes ?? [], items[index].canonizer)
    }
    let listed = Set(known.map(\.identity) + CanonizerCatalog.needed(by: network).map(\.identity))
    self.items = items.filter { listed.contains($0.canonizer.identity) || !$0.changes.isEmpty }
    self.network = canonized
  }

  /// Without the canonizer's name, which stands beside it.
  private static func lines(_ changes: [CanonizerChange], _ canonizer: any Canonizer) -> [String] {
    CanonizerChange.summary(changes).map { $0.replacing(canonizer.name + ": ", with: "", maxReplacements: 1) }
  }
}

/// A survey that is to be made of the open model's network.
public struct CanonizerSurveyRequest: Sendable {
  public var id: Int
  /// As in ``CanonizerSurvey/init(of:known:on:)``.
  public var known: [any Canonizer]
  public var on: [any Canonizer]

  public init(id: Int, known: [any Canonizer], on: [any Canonizer]) {
    self.id = id
    self.known = known
    self.on = on
  }
}
