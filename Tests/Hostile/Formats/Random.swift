import Tensors

/// The same numbers on every run.
package typealias Random = SplitMix64

extension SplitMix64 {
  mutating func below(_ limit: Int) -> Int { limit > 1 ? Int(next() % UInt64(limit)) : 0 }

  /// True once in `times` times.
  package mutating func once(in times: Int) -> Bool { below(times) == 0 }

  mutating func pick<Element>(_ items: [Element]) -> Element { items[below(items.count)] }

  /// A number at which arithmetic goes wrong, or one near `usual`.
  mutating func number(near usual: Int = 4) -> Int {
    switch below(6) {
    case 0: return pick([0, 1, -1, 2, 3, 5, 7, 16, 31, 32, 33, 64, 100, 255, 256, 1000, 65_535, 65_536])
    case 1:
      return pick([
        .max, .min, .max - 1, .min + 1, .min + 4, 1 << 62, -(1 << 62), 1 << 32, -(1 << 32), 1 << 31, 1 << 40,
      ])
    case 2: return 1 << below(63)
    case 3: return usual &* pick([2, 3, 4, 8, 1024, -1])
    default: return usual &+ below(7) &- 3
    }
  }
}
