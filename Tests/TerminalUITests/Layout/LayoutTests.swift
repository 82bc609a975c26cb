import TerminalUI
import Testing

struct LayoutTests {
  private let screen = Rect(x: 2, y: 1, width: 100, height: 30)

  @Test func fixedPartsComeFirstAndTheRestIsShared() {
    let parts = screen.split(.horizontal, [.fixed(10), .fill, .fraction(0.25), .fill])
    #expect(parts.map(\.width) == [10, 33, 25, 32])
    #expect(parts.map(\.x) == [2, 12, 45, 70])
    #expect(parts.allSatisfy { $0.y == 1 && $0.height == 30 })
  }

  @Test func rowsWithGaps() {
    let parts = screen.split(.vertical, [.fixed(1), .fill, .fixed(1)], gap: 2)
    #expect(parts.map(\.y) == [1, 4, 30])
    #expect(parts.map(\.height) == [1, 24, 1])
  }

  @Test(
    arguments: [
      ([.fixed(80), .fixed(80), .fill], [80, 20, 0]), ([.fixed(-5), .fill], [0, 100]),
      ([.fraction(.nan), .fraction(7), .fill], [0, 100, 0]), ([.fill, .fill, .fill], [34, 33, 33]), ([], []),
      ([.fixed(.max), .fill], [100, 0]),
    ] as [([Constraint], [Int])])
  func tooMuchIsCut(_ constraints: [Constraint], _ widths: [Int]) {
    let parts = screen.split(.horizontal, constraints)
    #expect(parts.map(\.width) == widths)
    #expect(parts.allSatisfy { $0.isEmpty || screen.intersection($0) == $0 })
  }

  @Test(arguments: [0, 1, 2, 5])
  func aSmallScreenHoldsAllParts(_ width: Int) {
    let parts = Rect(width: width, height: 3).split(.horizontal, [.fixed(3), .fill, .fixed(4)], gap: 1)
    #expect(parts.count == 3)
    #expect(parts.allSatisfy { $0.x >= 0 && $0.maxX <= max(width, 0) })
  }

  @Test func rectangles() {
    #expect(screen.inset(1) == Rect(x: 3, y: 2, width: 98, height: 28))
    #expect(Rect(width: 1, height: 1).inset(3).isEmpty)
    #expect(screen.intersection(Rect(x: 0, y: 0, width: 5, height: 5)) == Rect(x: 2, y: 1, width: 3, height: 4))
    #expect(screen.intersection(Rect(x: 500, y: 0, width: 5, height: 5)).isEmpty)
    #expect(screen.centered(width: 10, height: 99) == Rect(x: 47, y: 1, width: 10, height: 30))
    #expect(screen.row(29) == Rect(x: 2, y: 30, width: 100, height: 1))
    #expect(screen.row(30).isEmpty && screen.row(-1).isEmpty)
    #expect(screen.contains(x: 2, y: 1) && !screen.contains(x: 102, y: 1))
  }
}
