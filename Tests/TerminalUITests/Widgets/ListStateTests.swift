import TerminalUI
import Testing

struct ListStateTests {
  @Test func theSelectionStaysVisible() {
    var state = ListState()
    state.move(by: 7, count: 20, visible: 5)
    #expect(state == ListState(selected: 7, offset: 3))
    state.move(by: -5, count: 20, visible: 5)
    #expect(state == ListState(selected: 2, offset: 2))
    state.select(99, count: 20, visible: 5)
    #expect(state == ListState(selected: 19, offset: 15))
    state.reveal(count: 3, visible: 5)
    #expect(state == ListState(selected: 2, offset: 0))
  }

  @Test func theWheelDoesNotSelect() {
    var state = ListState(selected: 1)
    state.scroll(by: 30, count: 20, visible: 5)
    #expect(state == ListState(selected: 1, offset: 15))
    state.scroll(by: -3, count: 20, visible: 5)
    #expect(state.offset == 12)
  }

  @Test(arguments: [
    (Key.down, 6), (.character("k"), 4), (.pageDown, 9), (.pageUp, 1), (.home, 0), (.character("G"), 19),
  ])
  func keys(_ key: Key, _ selected: Int) {
    var state = ListState(selected: 5, offset: 3)
    let isHandled = state.handle(key, count: 20, visible: 5)
    #expect(isHandled && state.selected == selected)
  }

  @Test(arguments: [0, 1, 20], [-1, 0, 1, 30])
  func noNumbersTrap(_ count: Int, _ visible: Int) {
    for steps in [Int.min, -1, 0, 1, Int.max] {
      var state = ListState(selected: 7, offset: 40)
      state.move(by: steps, count: count, visible: visible)
      state.scroll(by: steps, count: count, visible: visible)
      #expect((0...max(0, count)).contains(state.selected))
      #expect((0...max(0, count)).contains(state.offset))
      let isHandled = state.handle(.enter, count: count, visible: visible)
      #expect(!isHandled)
    }
  }
}
