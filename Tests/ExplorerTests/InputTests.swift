import Explorer
import TerminalUI
import Testing

/// Inputs that cannot be opened: damaged files, and files that have vanished.
struct InputTests {
  private func asked(_ bench: Bench) -> OpenInputRequest? {
    for case .openInput(let request) in bench.commands { return request }
    return nil
  }

  @Test func anInputThatCannotBeOpenedIsPassedOver() throws {
    var bench = try Bench()
    bench.press(.character("]"))
    let damaged = try #require(asked(bench))
    #expect(damaged.entry.name == "coffee.png")
    bench.send(.inputFailed(request: damaged.id, "images/coffee.png: no picture"))
    let next = try #require(asked(bench))
    #expect(next.entry.name == "rocket.png")
    #expect(
      bench.state.notice?.kind == .warning && bench.state.notice?.text == "images/coffee.png: no picture; passed over")
    bench.send(.inputOpened(request: next.id, try Fixture.opened(input: next.entry).sample))
    #expect(bench.state.model?.opened.sample.entry.name == "rocket.png")
    // Backwards, too.
    bench.press(.character("["))
    bench.send(.inputFailed(request: try #require(asked(bench)).id, "gone"))
    #expect(asked(bench)?.entry.name == "chelsea.png")
    #expect(bench.state.notice?.text == "coffee.png: gone; passed over")
  }

  @Test func whereNoneCanBeOpenedTheInputStays() throws {
    var bench = try Bench()
    bench.press(.character("]"))
    bench.send(.inputFailed(request: try #require(asked(bench)).id, "gone"))
    bench.send(.inputFailed(request: try #require(asked(bench)).id, "gone"))
    #expect(asked(bench) == nil && bench.state.openingInput == nil)
    #expect(bench.state.notice?.kind == .error)
    #expect(bench.state.model?.opened.sample.entry.name == "chelsea.png")
  }
}
