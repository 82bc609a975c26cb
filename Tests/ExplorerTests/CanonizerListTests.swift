import Explorer
import LRP
import TerminalUI
import Testing

/// What canonizers have changed can be seen.
struct CanonizerListTests {
  @Test func theMessagesListWhatCanonizersChanged() throws {
    var bench = try Bench(isExplained: false)
    var opened = try Fixture.opened()
    opened.canonizers = [GraphMergeBatchNorm(), ResidualSums()]
    opened.changes = [
      "GraphMergeBatchNorm: 49 × batch norm merged (conv_stem_bn, …)", "ResidualSums: 9 × Add → Sum (blocks.1.+)",
    ]
    for case .openModel(let request) in bench.commands { bench.send(.modelOpened(request: request.id, opened)) }
    #expect(bench.state.notice?.text.contains("canonized") == true)
    bench.press(.character("!"))
    let text = bench.state.view().plainText()
    #expect(
      text.contains("GraphMergeBatchNorm: 49 × batch norm merged") && text.contains("ResidualSums: 9 × Add → Sum"))
    bench.press(.escape)
    #expect(bench.state.notice == nil)
  }
}
