import CNcurses
import TerminalUI

/// The colour pairs of ncurses: every combination of two colours in use gets a number.
///
/// Numbers are given out one after the other and are all taken back at once, between two frames: a cell on the screen
/// stores its number, so a number that changes its meaning recolours what is already there. (`alloc_pair` of ncurses
/// does not recycle.)
@MainActor
struct ColorPairs {
  private let mode: ColorMode
  /// Colours of the terminal; with 8, the bright ones are shown as bold.
  private let colors: Int32
  private let limit: Int32
  private var numbers: [UInt64: Int32] = [:]
  private var next: Int32 = 1
  private var lastKey: UInt64 = 0
  private var lastNumber: Int32 = 0

  /// - Parameters:
  ///   - limit: the first number that must not be used.
  init(mode: ColorMode, colors: Int32, limit: Int32) {
    self.mode = mode
    self.colors = colors
    self.limit = limit
  }

  /// Whether pairs for all cells can be given out without taking any back.
  func hasRoom(for cells: some Sequence<Cell>, atMost count: Int) -> Bool {
    let room = Int(limit - next)
    if mode == .monochrome || count <= room { return true }
    var new: Set<UInt64> = []
    for cell in cells {
      let key = key(of: cell.style)
      if numbers[key] == nil { new.insert(key) }
    }
    return new.count <= room
  }

  /// Takes all numbers back; everything on the screen has to be drawn anew.
  mutating func recycle() {
    reset_color_pairs()
    numbers.removeAll(keepingCapacity: true)
    next = 1
    lastKey = 0
    lastNumber = 0
  }

  /// The number for the colours of a style; 0, the terminal's own colours, when there are no numbers left.
  mutating func number(for style: Style) -> Int32 {
    if mode == .monochrome { return 0 }
    let key = key(of: style)
    if key == lastKey { return lastNumber }
    let number = numbers[key] ?? allocate(key)
    lastKey = key
    lastNumber = number
    return number
  }

  private mutating func allocate(_ key: UInt64) -> Int32 {
    guard next < limit else { return 0 }
    let foreground = Int32(truncatingIfNeeded: key >> 32)
    let background = Int32(truncatingIfNeeded: key)
    guard init_extended_pair(next, foreground - 1, background - 1) == OK else { return 0 }
    numbers[key] = next
    next += 1
    return next - 1
  }

  /// Both colour numbers plus one, so that 0 stands for the default colours.
  private func key(of style: Style) -> UInt64 {
    UInt64(number(of: style.foreground, isGround: false) + 1) << 32
      | UInt64(number(of: style.background, isGround: true) + 1)
  }

  private func number(of color: Color, isGround: Bool) -> Int32 {
    switch mode.nearest(color) {
    case .default: -1
    case .rgb(let rgb): Int32(rgb)
    case .index(let index) where Int32(index) < colors: Int32(index)
    case .index(Self.darkGrey): isGround ? Self.groundInsteadOfGrey(color) : Self.white
    case .index(let index): Int32(index) & 7
    }
  }

  private static let darkGrey: UInt8 = 8
  private static let (black, blue, white): (Int32, Int32, Int32) = (0, 4, 7)

  /// Dark grey is black made bright. Where there are only 8 colours, quiet text in it would be black on black, and
  /// what is selected would not be seen: dark grounds with a touch of blue, as the interface's, become blue.
  private static func groundInsteadOfGrey(_ color: Color) -> Int32 {
    color.luminance > 0.4 ? white : color.blue > color.red ? blue : black
  }

  /// Whether a foreground needs bold to be bright, on a terminal with 8 colours.
  func needsBold(_ style: Style) -> Bool {
    guard mode == .ansi16, colors < 16, case .index(let index) = mode.nearest(style.foreground) else { return false }
    return index > Self.darkGrey
  }
}
