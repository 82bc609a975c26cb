import Synchronization

/// Keeps what was made for the last few keys (shapes); the oldest goes first.
package final class ShapeCache<Key: Hashable & Sendable, Value: Sendable>: Sendable {
  private let entries = Mutex<[(key: Key, value: Value)]>([])
  private let limit: Int

  package init(limit: Int = 8) { self.limit = limit }

  /// The value for `key`, made by `make` if it is not there. Two threads may both make one; the first is kept.
  package func value(for key: Key, _ make: () throws -> Value) rethrows -> Value {
    if let found = find(key) { return found }
    let made = try make()
    return entries.withLock { entries in
      if let found = entries.first(where: { $0.key == key }) { return found.value }
      if entries.count >= limit { entries.removeFirst() }
      entries.append((key, made))
      return made
    }
  }

  private func find(_ key: Key) -> Value? {
    entries.withLock { entries in
      guard let index = entries.firstIndex(where: { $0.key == key }) else { return nil }
      let entry = entries.remove(at: index)
      entries.append(entry)
      return entry.value
    }
  }
}
