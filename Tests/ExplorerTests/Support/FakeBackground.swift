import Explorer
import LRP
import TerminalUI

/// Answers what the explorer asks for, without a model: relevance depends on the composite alone.
struct FakeBackground {
  /// What has been asked for and not answered yet, each with the messages that answer it, in order.
  private(set) var jobs: [[ExplorerMessage]] = []
  private var attribution: Int?

  var isIdle: Bool { jobs.isEmpty }

  mutating func take(_ commands: [ExplorerCommand]) throws {
    for command in commands {
      switch command {
      case .openModel(let request):
        jobs.append([
          .modelProgress(request: request.id, OpeningProgress(fraction: 0.5, step: "reading")),
          .modelOpened(
            request: request.id, try Fixture.opened(request.entry, input: request.input ?? Fixture.inputs[0])),
        ])
      case .openInput(let request):
        let opened = try Fixture.opened(input: request.entry)
        jobs.append([.inputOpened(request: request.id, opened.sample)])
      case .attribute(let request):
        jobs.append([
          .outputComputed(request: request.id, Fixture.output),
          .attributionProgress(
            request: request.id,
            AttributionProgress(stage: .backward, share: 0.7, elapsed: 0.02)),
          .attributionFinished(
            request: request.id, try Fixture.outcome(Fixture.opened(), shift: Self.shift(request.composite))),
        ])
        attribution = request.id
      case .cancelAttribution:
        guard let attribution else { break }
        jobs.removeAll { job in
          if case .attributionFinished(attribution, _) = job.last { true } else { false }
        }
        jobs.append([.attributionCancelled(request: attribution)])
      case .computeSteps(let request):
        jobs.append([.stepsFailed(request: request.id, "no steps without a network that computes")])
      case .surveyCanonizers(let request):
        let survey = try CanonizerSurvey(of: Fixture.network(), known: request.known, on: request.on)
        jobs.append([.canonizersSurveyed(request: request.id, survey)])
      case .flip(let request):
        jobs.append([.flipping(request: request.id, .progress(0.5)), .flipping(request: request.id, .finished)])
      case .cancelFlipping:
        jobs.removeAll { job in if case .flipping = job.last { true } else { false } }
      case .save(let request):
        let exists = request.path.hasPrefix("there") && !request.overwrites
        jobs.append([exists ? .fileExists(request) : .saved(request)])
      case .play: jobs.append([.playEnded(.done)])
      case .openComposite(let path):
        jobs.append([.compositeFailed(path: path, "\(path): no such file; check the path")])
      default: break
      }
    }
  }

  /// The next message of one of the jobs.
  mutating func next(_ choose: (Int) -> Int = { _ in 0 }) -> ExplorerMessage? {
    guard !jobs.isEmpty else { return nil }
    let index = choose(jobs.count)
    let message = jobs[index].removeFirst()
    if jobs[index].isEmpty { jobs.remove(at: index) }
    return message
  }

  private static func shift(_ composite: any Composite) -> Float {
    let map = (composite as? NameMapComposite)?.nameMap ?? []
    let text = map.map { $0.names.joined() + $0.rule.summary }.joined()
    return Float(text.utf8.reduce(0) { ($0 &* 31 &+ Int($1)) & 0xFFFF } % 20) / 60 - 0.15
  }
}

extension Bench {
  /// Plays a script on an explorer that has opened its model; background work is done as soon as it is asked for.
  /// - Returns: what had happened in the end.
  @discardableResult
  static func play(_ text: String, launch: LaunchOptions = Fixture.launch()) throws -> Bench {
    let script = try Script(text, path: "test.lrp")
    var bench = try Bench(
      width: script.size?.width ?? 120, height: script.size?.height ?? 40, launch: launch, isExplained: false)
    bench.state.showsTimes = false
    var player = ScriptPlayer(script)
    var background = FakeBackground()
    player.noteStart(bench.commands)
    try background.take(bench.commands)
    var isAtEnd = false
    while true {
      while let message = background.next() { player.receive([message]) }
      switch try player.advance(&bench.state) {
      case .did(let commands):
        bench.note(commands)
        try background.take(commands)
      case .says: break
      case .waits: throw player.timeoutError(seconds: 0, bench.state)
      case .ended:
        if isAtEnd || player.hasQuit { return bench }
        isAtEnd = true
        player.waitUntilReady()
      }
    }
  }
}
