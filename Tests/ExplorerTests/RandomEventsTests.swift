import Explorer
import Foundation
import Tensors
import TerminalUI
import Testing

/// Random keys, clicks, pastes, resizes and answers in any order: nothing traps, nothing gets stuck, nothing grows, and
/// the explorer still works afterwards. `LRP_RANDOM_EVENTS=1000000` does more.
struct RandomEventsTests {
  private static let seeds = 8
  private static let count =
    (ProcessInfo.processInfo.environment["LRP_RANDOM_EVENTS"].flatMap { Int($0) } ?? 100_000) / seeds

  @Test(arguments: 1...seeds)
  func nothingTraps(seed: Int) throws { try run(seed: seed) { try Bench(width: $0, height: $1) } }

  /// The same with lessons open.
  @Test(arguments: 1...2)
  func nothingTrapsInTheTutor(seed: Int) throws {
    try run(seed: 100 + seed) { width, height in
      var launch = Fixture.launch()
      launch.tutor = TutorLaunch(
        lessons: try TutorBench.lessons(), place: LessonPlace(lesson: 0), progress: TutorProgress())
      return try Bench(width: width, height: height, launch: launch)
    }
  }

  private func run(seed: Int, _ open: (Int, Int) throws -> Bench) throws {
    var numbers = SplitMix64(seed: UInt64(seed))
    var bench = try open(120, 40)
    var background = FakeBackground()
    for step in 0..<Self.count {
      bench.send(RandomEvents.event(&numbers))
      try background.take(bench.commands)
      // In the long run as many answers as questions, in any order: old ones come late, some never.
      if Int.random(in: 0..<3, using: &numbers) == 0 {
        for _ in 0..<Int.random(in: 1..<8, using: &numbers) {
          guard let message = background.next({ Int.random(in: 0..<$0, using: &numbers) }) else { break }
          bench.send(message)
          try background.take(bench.commands)
        }
      }
      if step % 25 == 0 {
        let buffer = bench.state.view()
        #expect(buffer.width == bench.state.width && buffer.height == bench.state.height + bench.state.panelRows)
      }
      if step % 2500 == 0 {
        try checkBounds(bench)
        // Undo has no limit; a session of so many edits is not what is to be measured.
        if bench.state.history.past.count > 1000 {
          bench = try open(bench.state.width, bench.state.height + bench.state.panelRows)
          background = FakeBackground()
        }
      }
    }
    try checkItStillWorks(&bench, &background)
  }

  /// What is kept has a bound; the history, which has none, is what the user asked for.
  private func checkBounds(_ bench: Bench) throws {
    #expect(bench.state.log.count <= 200)
    #expect(bench.state.heatmap.cachedMaps <= HeatmapPane.cachedMapLimit)
  }

  /// Out of whatever it is in, and on with the work.
  private func checkItStillWorks(_ bench: inout Bench, _ background: inout FakeBackground) throws {
    bench.send(.resize(width: 120, height: 40))
    for _ in 0..<12 { bench.press(.escape) }
    while let message = background.next() {
      bench.send(message)
      try background.take(bench.commands)
    }
    for _ in 0..<12 { bench.press(.escape) }
    #expect(bench.state.popup == nil)
    bench.press(.character("r"))
    try background.take(bench.commands)
    while let message = background.next() { bench.send(message) }
    #expect(bench.state.attribution.status == .finished)
    bench.press(.character("?"))
    #expect(bench.state.popup is HelpScreen)
  }
}
