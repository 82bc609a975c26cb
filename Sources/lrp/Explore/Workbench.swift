import CursesTerminal
import Dispatch
import Explorer
import FileSystem
import Heatmaps
import LRP
import ModelZoo
import NeuralNetwork
import Tensors
import TerminalUI

/// What the explorer works on: the open model, its input, and the session that explains it.
package actor Workbench {
  private let sources: LaunchSources
  private let mailbox: Mailbox<ExplorerMessage>
  private var model: Model?
  private var session: AttributionSession?
  private var input: Tensor?
  /// Counts what was opened: while something is waited for, another model or input may come.
  private var generation = 0
  /// What was asked for last of what is open: requests may arrive in another order.
  private var lastRequest = 0
  /// Of the attribution that was finished last.
  package private(set) var ledger: Ledger?

  package init(sources: LaunchSources, mailbox: Mailbox<ExplorerMessage>) {
    self.sources = sources
    self.mailbox = mailbox
  }

  /// The open network with the canonizers it needs by default, for reading composite files.
  var network: (network: Network, canonizers: [any Canonizer])? {
    model.map { ($0.network, (try? canonizers(of: $0)) ?? []) }
  }

  var modelName: String? { model?.card.name }
  private(set) var inputName: String?

  /// The open network as it is, and its input.
  package var networkAndInput: (network: Network, input: Tensor)? {
    model.flatMap { model in input.map { (model.network, $0) } }
  }

  /// The open network after other canonizers than its own, whose layers composite files list in order.
  func canonized(with canonizers: [any Canonizer]) -> Network? {
    model.flatMap { try? CompositeCanonizer(canonizers).apply(to: $0.network) }
  }

  package func open(_ request: OpenModelRequest) {
    func report(_ fraction: Double, _ step: String) {
      mailbox.post(.modelProgress(request: request.id, OpeningProgress(fraction: fraction, step: step)))
    }
    do {
      report(0, "reading weights")
      let model = try sources.model(request.entry.name)
      sources.keep(model)
      try Task.checkCancellation()
      report(0.5, "loading the input")
      let input = try request.input.map { try sources.input($0, for: model) } ?? sources.firstInput(for: model)
      report(0.7, "merging batch norms")
      let canonizers = try canonizers(of: model)
      let (canonized, changes) = try CanonizerChange.canonizing(model.network, with: canonizers)
      try Task.checkCancellation()
      let bounds = CompositeResolver(model: model).pixelBounds
      let opened = OpenedModel(
        entry: request.entry, network: model.network, canonizers: canonizers, canonized: canonized,
        labels: model.card.hasLabels ? model.card.labels : [],
        low: bounds.low, high: bounds.high, preset: model.card.defaultComposite,
        changes: CanonizerChange.summary(changes), sample: input.sample)
      self.model = model
      take(input)
      lastRequest = max(lastRequest, request.id)
      session = nil  // before the next one gives idle buffers back: those of the last one are among them
      session = AttributionSession(network: model.network, input: input.tensor)
      let ending = canonizers.contains { $0 is LogitOutput } ? LogitOutput.notice(for: model.network) : nil
      for warning in model.warnings + [ending].compactMap({ $0 }) { mailbox.post(.notice(Notice(.warning, warning))) }
      if let first = input.passedOver.first {
        let others = input.passedOver.count - 1
        let more = others == 0 ? "" : others == 1 ? ", and so is 1 more" : ", and so are \(others) more"
        mailbox.post(.notice(Notice(.warning, "\(first); passed over\(more)")))
      }
      mailbox.post(.modelOpened(request: request.id, opened))
    } catch is CancellationError {
      return  // another model is being opened; nobody waits for this one
    } catch {
      // A sentence: tables of names are for the command line.
      mailbox.post(.modelFailed(request: request.id, String("\(error)".prefix { $0 != "\n" })))
    }
  }

  package func open(_ request: OpenInputRequest) async {
    guard let model, let session, request.id > lastRequest else { return }
    lastRequest = request.id
    do {
      let input = try sources.input(request.entry, for: model)
      take(input)
      let generation = generation
      await session.setInput(input.tensor)
      guard generation == self.generation else { return }  // another was opened; nobody waits for this one
      mailbox.post(.inputOpened(request: request.id, input.sample))
    } catch {
      mailbox.post(.inputFailed(request: request.id, "\(error)"))
    }
  }

  private func take(_ input: LaunchSources.Loaded) {
    generation += 1
    self.input = input.tensor
    inputName = input.sample.entry.name
    ledger = nil
  }

  /// Whether what was begun in a generation is still asked for, and sound: a model's file may have been overwritten
  /// meanwhile, and what came of it is nothing to be shown.
  /// - Throws: `CancellationError`, or `FileError` that names the file.
  private func check(_ generation: Int) throws {
    guard generation == self.generation else { throw CancellationError() }
    try model?.network.checkUnchanged()
  }

  package func attribute(_ request: AttributionRequest) async {
    guard let session else { return }
    let generation = generation
    let mailbox = mailbox
    let reporter = ProgressReporter(mailbox: mailbox, request: request.id)
    do {
      let output = try await session.output(composite: request.composite)
      try check(generation)
      mailbox.post(.outputComputed(request: request.id, output.rowMajorElements()))
      let attributor = request.attributor
      let result = try await session.attribute(
        composite: request.composite, output: request.output, with: attributor
      ) { reporter.report($0) }
      try check(generation)
      if !request.isSecond { ledger = result.attribution.ledger }
      mailbox.post(.attributionFinished(request: request.id, AttributionOutcome(result, attributor: attributor)))
    } catch is CancellationError {
      mailbox.post(.attributionCancelled(request: request.id))
    } catch {
      mailbox.post(.attributionFailed(request: request.id, "\(error)"))
    }
  }

  func computeSteps(_ request: StepsRequest) async {
    guard let session else { return }
    let generation = generation
    do {
      let steps = try await session.steps(
        composite: request.explanation.composite, output: request.explanation.output, node: request.node,
        unit: request.unit)
      try check(generation)
      mailbox.post(.stepsComputed(request: request.id, steps))
    } catch is CancellationError {
      return  // another unit is asked for
    } catch {
      mailbox.post(.stepsFailed(request: request.id, "\(error)"))
    }
  }

  /// What canonizers do to the open network.
  func survey(_ request: CanonizerSurveyRequest) {
    guard let model, !Task.isCancelled else { return }
    do {
      let survey = try CanonizerSurvey(of: model.network, known: request.known, on: request.on)
      try model.network.checkUnchanged()
      mailbox.post(.canonizersSurveyed(request: request.id, survey))
    } catch {
      mailbox.post(.canonizersFailed(request: request.id, "\(error)"))
    }
  }

  private func canonizers(of model: Model) throws -> [any Canonizer] {
    try CompositeResolver(model: model).chosenCanonizers()
  }
}
