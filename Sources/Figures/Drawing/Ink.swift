import Heatmaps

/// The colours of everything but relevance. On white, texts have a contrast of at least 7 : 1.
package enum Ink {
  package static let text = RGB(0x1A, 0x1A, 0x1A)
  package static let quiet = RGB(0x55, 0x55, 0x55)
  package static let axis = RGB(0x55, 0x55, 0x55)
  package static let grid = RGB(0xDD, 0xDD, 0xDD)
  package static let frame = RGB(0x99, 0x99, 0x99)

  /// The palette of M. Okabe and K. Ito, "Color Universal Design" (2008), which colour-blind people can tell apart,
  /// without its yellow, which is hard to see on white; darkest and most different first.
  package static let series = [
    RGB(0x00, 0x72, 0xB2), RGB(0xD5, 0x5E, 0x00), RGB(0x00, 0x9E, 0x73), RGB(0xCC, 0x79, 0xA7), RGB(0xE6, 0x9F, 0x00),
    RGB(0x56, 0xB4, 0xE9), RGB(0x00, 0x00, 0x00),
  ]

  // What becomes of a layer's relevance.
  package static let kept = RGB(0x00, 0x72, 0xB2)
  package static let bias = RGB(0xE6, 0x9F, 0x00)
  package static let stabilizer = RGB(0x00, 0x9E, 0x73)
  package static let other = RGB(0xC8, 0xC8, 0xC8)
  // The signs, as in the colour maps: cold and hot.
  package static let negative = RGB(0x2C, 0x6F, 0xBB)
  package static let positive = RGB(0xC0, 0x39, 0x2B)
}
