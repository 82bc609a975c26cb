/// Finds what somebody probably meant.
public enum Spelling {
  /// How many pairs of characters are compared at most: names in files may be long, and many.
  private static let mostPairs = 1 << 25

  /// The candidate with the smallest edit distance to `word`, if it is close enough to be a slip. What is nearer to the
  /// beginning of a candidate or to one of its words counts for one more: `epsilon_gama` is `epsilon_gamma_box`, `kat`
  /// is `tiger cat`.
  public static func nearest(to word: String, among candidates: some Sequence<String>) -> String? {
    let word = Array(word.lowercased())
    let limit = max(word.count < 4 ? 1 : 2, word.count / 3)
    var best: (candidate: String, distance: Int)?
    var left = mostPairs
    for candidate in candidates {
      let (pairs, overflow) = word.count.multipliedReportingOverflow(by: candidate.utf8.count)
      guard !overflow, pairs <= left else { continue }
      left -= pairs
      let distance = distance(word, Array(candidate.lowercased()), limit: limit)
      if distance <= limit + 1, distance < best?.distance ?? .max { best = (candidate, distance) }
    }
    return best?.candidate
  }

  /// More than `limit` plus one if there is no likeness.
  private static func distance(_ word: [Character], _ candidate: [Character], limit: Int) -> Int {
    let distances = distances(word, candidate)
    let whole = distances.last ?? .max
    // Fewer slips are allowed here, as there are more ways to be near by chance.
    let partial = max(1, limit / 2)
    var nearest = distances.min() ?? .max
    if word.count < 4, nearest > 0 || word.count < 2 { nearest = .max }
    let words = candidate.split(separator: " ")
    if words.count > 1 { nearest = words.reduce(nearest) { min($0, Self.distances(word, Array($1)).last ?? .max) } }
    return min(whole <= limit ? whole : .max, nearest <= partial ? nearest + 1 : .max)
  }

  /// The edit distances from `left` to every beginning of `right`; two neighbours exchanged are one edit.
  private static func distances(_ left: [Character], _ right: [Character]) -> [Int] {
    var (before, previous) = ([Int](), Array(0...right.count))
    for i in left.indices {
      var current = [i + 1]
      for j in right.indices {
        var distance = min(previous[j] + (left[i] == right[j] ? 0 : 1), previous[j + 1] + 1, current[j] + 1)
        if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] {
          distance = min(distance, before[j - 1] + 1)
        }
        current.append(distance)
      }
      (before, previous) = (previous, current)
    }
    return previous
  }
}
