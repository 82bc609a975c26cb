import CursesTerminal
import Explorer
import Foundation
import LRP
import Tensors
import Testing
import lrp

/// What is opened while something is computed: requests overtake one another, results never belong to another model.
@Suite struct WorkbenchTests {
  private static let cat = "efficientnet_lite0"
  private static let bag = InputEntry(name: "bag", path: Program.asset("images/fashion_bag.png"))
  private static let blank = InputEntry(name: "blank", path: "blank:")

  private static func opening(_ id: Int, _ model: String, _ input: InputEntry? = nil) -> OpenModelRequest {
    OpenModelRequest(id: id, entry: ModelEntry(name: model, summary: ""), input: input)
  }

  private static func started() async -> (Workbench, Mailbox<ExplorerMessage>) {
    let mailbox = Mailbox<ExplorerMessage>()
    let workbench = Workbench(sources: LaunchSources(seed: 0), mailbox: mailbox)
    await workbench.open(opening(1, cat))
    return (workbench, mailbox)
  }

  /// Waits for a message that says something.
  private static func wait(
    _ mailbox: Mailbox<ExplorerMessage>, _ isIt: (ExplorerMessage) -> Bool
  ) async throws -> [ExplorerMessage] {
    var all: [ExplorerMessage] = []
    for _ in 0..<3000 {
      all += mailbox.drain()
      if all.contains(where: isIt) { return all }
      try await Task.sleep(for: .milliseconds(10))
    }
    Issue.record("nothing came")
    return all
  }

  private static func attribution(_ id: Int, _ kind: AttributorSettings.Kind = .gradient) -> AttributionRequest {
    var settings = AttributorSettings(kind)
    settings.iterations = 100_000
    return AttributionRequest(
      id: id, composite: NameMapComposite(nameMap: []), output: .logit(.top1), attributor: settings)
  }

  @Test func theInputOfAModelThatIsGoneIsNotTheNextOnes() async throws {
    let (workbench, mailbox) = await Self.started()
    let busy = Task { await workbench.attribute(Self.attribution(2, .smoothgrad)) }
    _ = try await Self.wait(mailbox) { if case .attributionProgress(2, _) = $0 { true } else { false } }
    // Waits for the session, which is busy.
    let input = Task { await workbench.open(OpenInputRequest(id: 3, entry: Self.blank)) }
    try await Task.sleep(for: .milliseconds(300))
    await workbench.open(Self.opening(4, "fashion_mlp", Self.bag))
    busy.cancel()
    _ = await (busy.value, input.value)
    let open = try #require(await workbench.networkAndInput)
    #expect(open.input.shape == [1, 1, 28, 28] && open.input.maximum() > 0, "the bag, neither blank nor a cat's size")
    let messages = mailbox.drain()
    #expect(messages.contains { if case .modelOpened(4, _) = $0 { true } else { false } })
    #expect(!messages.contains { if case .inputOpened = $0 { true } else { false } })
    #expect(messages.contains { if case .attributionCancelled(2) = $0 { true } else { false } })
  }

  @Test func theLatestInputStays() async throws {
    let (workbench, mailbox) = await Self.started()
    await workbench.open(OpenInputRequest(id: 6, entry: Self.blank))
    // Asked for before, but later in coming.
    await workbench.open(OpenInputRequest(id: 5, entry: InputEntry(name: "random", path: "random:")))
    let open = await workbench.networkAndInput
    #expect(open?.input.maximum() == 0)
    let opened = mailbox.drain().compactMap { if case .inputOpened(let id, _) = $0 { id } else { nil } }
    #expect(opened == [6])
  }

  @Test func theLedgerOfAModelThatIsGoneIsNotTheNextOnes() async throws {
    let (workbench, mailbox) = await Self.started()
    let task = Task { await workbench.attribute(Self.attribution(2)) }
    _ = try await Self.wait(mailbox) { if case .outputComputed(2, _) = $0 { true } else { false } }
    await workbench.open(Self.opening(3, "fashion_mlp"))
    await task.value
    #expect(await workbench.ledger == nil)
    await workbench.attribute(Self.attribution(4))
    #expect(await workbench.ledger?.entries.isEmpty == false)
  }
}
