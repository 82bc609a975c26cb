import LRP
import TerminalUI

extension ExplorerState {
  mutating func receive(_ message: ExplorerMessage) -> [ExplorerCommand] {
    switch message {
    case .modelsListed(let models): self.models = models
    case .inputsListed(let inputs): self.inputs = inputs
    case .modelProgress(let request, let progress):
      if opening?.request.id == request { opening?.progress = progress }
    case .modelOpened(let request, let opened):
      if opening?.request.id == request { return take(opened) }
    case .modelFailed(let request, let text):
      guard let opening, opening.request.id == request else { return [] }
      self.opening = nil
      report(text, about: opening.request.entry.name)
      if model == nil { popup = ModelsPane(self) }
    case .inputOpened(let request, let sample):
      if openingInput?.id == request { return take(sample) }
    case .inputFailed(let request, let text):
      guard let input = openingInput, input.id == request else { return [] }
      return passOver(input, because: text)
    case .outputComputed, .attributionProgress, .attributionFinished, .attributionFailed, .attributionCancelled:
      receiveAttribution(message)
      receiveContrast(message)
      receivePinned(message)
      guard case .attributionFinished(let request, let outcome) = message else { break }
      return continueSweep(request, outcome)
        + (request == attribution.outcomeRequest ? requestContrast() + requestPinned() : [])
    case .stepsComputed(let request, let found): receiveSteps(request, found)
    case .stepsFailed(let request, let text): receiveSteps(request, problem: text)
    case .canonizersSurveyed(let request, let found): return receiveCanonizers(request, found)
    case .canonizersFailed(let request, let text): return receiveCanonizers(request, nil, problem: text)
    case .flipping(let request, let news): receiveFlipping(request, news)
    case .saved(let request): return noteSaved(request)
    case .fileExists(let request): popup = Question.overwrite(request)
    case .saveFailed(let request, let text): report("not written: \(text)", about: request.path)
    case .compositeOpened(let path, let composite, let made): return take(composite, path: path, madeFor: made)
    case .compositeFailed(let path, let text): report(text, about: path)
    case .playEnded(let end): return receivePlayed(end)
    case .recovered(let works): recovered += works
    case .recoveredOpened(let recovered, let work): return take(work, from: recovered)
    case .notice(let notice): notify(notice.kind, notice.text)
    }
    return []
  }

  private mutating func receiveAttribution(_ message: ExplorerMessage) {
    switch message {
    case .outputComputed(let request, let output) where request == attribution.request: take(output: output)
    case .attributionProgress(let request, let progress) where request == attribution.request:
      if attribution.isRunning { attribution.status = .running(progress) }
    case .attributionFinished(let request, let outcome) where request == attribution.request:
      attribution.outcome = outcome
      attribution.outcomeRequest = request
      attribution.status = .finished
      take(output: outcome.output)
      if let model { flags = LedgerFlag.flags(outcome, model) }
    case .attributionFailed(let request, let text) where request == attribution.request:
      attribution.status = .failed(text)
      notify(.error, text)
    case .attributionCancelled(let request) where request == attribution.request:
      attribution.status = .cancelled
    default: break  // superseded
    }
  }

  private mutating func take(output: [Float]) {
    guard output != attribution.output else { return }
    attribution.output = output
    // Of the network that computed it: a canonizer may leave out a softmax.
    classes.setOutput(output, meaning: model?.network.outputMeaning ?? .logits)
  }

  /// A problem with its place in front, unless the text names it already.
  private mutating func report(_ text: String, about place: String) {
    notify(.error, text.contains(place) ? text : "\(place): \(text)")
  }

  private mutating func noteSaved(_ request: SaveRequest) -> [ExplorerCommand] {
    notify(.success, "\(request.content.noun) saved as \(request.path)")
    guard case .composite = request.content else { return [] }
    if request.path.lowercased().hasSuffix(".py") {
      // A script cannot be opened again: the edits themselves are still in no file.
      return request.quitsAfterwards ? [.keepUnsaved(nil), .quit] : []
    }
    history.markSaved(revision: request.revision, path: request.path, title: PathPrompt.fileName(request.path))
    if request.quitsAfterwards { return [.keepUnsaved(nil), .quit] }
    return history.isUnsaved ? [] : [.keepUnsaved(nil)]
  }

  // MARK: - Models and inputs

  /// What a sweep has found belongs to the model and input it was found with.
  private mutating func endSweep() {
    guard sweep != nil else { return }
    sweep = nil
    preview = nil
    if popup is SweepPane { popup = nil }
  }

  /// Begins to open a model.
  mutating func open(_ entry: ModelEntry, input: InputEntry? = nil) -> [ExplorerCommand] {
    let request = OpenModelRequest(id: nextRequest(), entry: entry, input: input)
    opening = Opening(request: request, progress: OpeningProgress(fraction: nil, step: "opening"))
    return [.openModel(request)]
  }

  mutating func nextRequest() -> Int {
    lastRequest += 1
    return lastRequest
  }

  private mutating func take(_ opened: OpenedModel) -> [ExplorerCommand] {
    let lesson = lessonStart(for: opening?.request)
    // An input that was asked for before is not opened any more.
    if let request = opening?.request, let input = openingInput, input.id < request.id { openingInput = nil }
    opening = nil
    let new: ModelState
    do {
      new = try ModelState(opened)
    } catch {
      notify(.error, "\(opened.entry.name): \(error)")
      return []
    }
    let previousTitle = history.composite.title
    model = new
    layers = LayersPane()
    contrast = nil
    attribution = AttributionState()
    attribution.request = lastRequest
    classes = ClassesPane()
    flags = []
    heatmap.forgetModel()
    preview = nil
    endSweep()
    endSteps()
    if popup is CanonizerPicker { popup = nil }
    if !isFirstModel { target = .top1 }
    let isPreset = Preset.all.contains { $0.name == previousTitle }
    let usual = isFirstModel ? launch.composite : .preset(isPreset ? previousTitle : nil)
    let composite = lesson?.composite ?? usual
    if let lesson { begin(lesson, with: opened) }
    isFirstModel = false
    hasComposite = false
    startHistory(with: composite, new)
    hasComposite = true
    if history.composite.canonizers.map(\.identity) == opened.canonizers.map(\.identity) { noteChanges(of: opened) }
    if let work = restoring {
      restoring = nil
      return [.keepUnsaved(nil), .readRecovered(work)] + requestAttribution()
    }
    return [.keepUnsaved(nil)] + requestAttribution() + (lesson == nil ? [] : arriveAtLesson())
  }

  /// Canonizers rewrite what is explained: the messages list what they changed.
  private mutating func noteChanges(of opened: OpenedModel) {
    log += opened.changes.map { Notice(.information, "\(opened.entry.name): \($0)") }
    // What was chosen for this network is news; what its architecture always needs is not.
    guard notice == nil, opened.canonizers.contains(where: { $0 is any GraphCanonizer }) else { return }
    let names = opened.canonizers.map(\.name).joined(separator: ", ")
    notify(.information, "the network was canonized (\(names)); B lists and switches what changed")
  }

  /// Fills the map for a model that has just been opened.
  private mutating func startHistory(with initial: LaunchOptions.InitialComposite, _ model: ModelState) {
    let plainGradient = EditHistory(model.opened.plainGradient, label: "no rules: plain gradient")
    do {
      switch initial {
      case .gradient:
        history = plainGradient
      case .noRules:
        history = EditHistory(
          EditedComposite(title: "gradient", canonizers: model.opened.canonizers), label: "no rules: plain gradient")
      case .file(let path, let composite, let made):
        let edited = try read(composite, path: path)
        history = EditHistory(edited, label: "opened \(edited.title)")
        warnIfMade(for: made, path: path)
      case .preset(let name):
        let preset = try name.map { try Preset.named($0) } ?? Self.suitablePreset(for: model)
        history = EditHistory(try composite(of: preset), label: "preset \(preset.name)")
      }
    } catch {
      history = plainGradient
      notify(.error, "\(error)")
    }
  }

  private static func suitablePreset(for model: ModelState) throws -> Preset {
    if let name = model.opened.preset { return try Preset.named(name) }
    return try Preset.named(model.opened.low != nil && model.opened.high != nil ? "epsilon_gamma_box" : "epsilon_plus")
  }

  private mutating func take(_ sample: InputSample) -> [ExplorerCommand] {
    openingInput = nil
    failedInputs = 0
    guard var changed = model else { return [] }
    do {
      try changed.setSample(sample)
    } catch {
      notify(.error, "\(sample.entry.name): \(error)")
      return []
    }
    model = changed
    endSweep()
    endSteps()
    contrast?.pair = nil
    heatmap.probe = nil
    return requestAttribution()
  }

  mutating func pageInput(by step: Int) -> [ExplorerCommand] {
    guard let model, !inputs.isEmpty else { return [] }
    let current = openingInput?.entry ?? model.opened.sample.entry
    inputStep = step
    let index = inputs.firstIndex(of: current) ?? (step > 0 ? -1 : 0)
    let request = OpenInputRequest(id: nextRequest(), entry: inputs[(index + step + inputs.count) % inputs.count])
    openingInput = request
    return [.openInput(request)]
  }

  /// Goes on to the next input, as if one that cannot be opened were not there.
  private mutating func passOver(_ request: OpenInputRequest, because text: String) -> [ExplorerCommand] {
    let problem = text.contains(request.entry.name) ? text : "\(request.entry.name): \(text)"
    let commands = pageInput(by: inputStep)
    failedInputs += 1
    if openingInput?.entry == model?.opened.sample.entry || failedInputs >= inputs.count {
      failedInputs = 0
      openingInput = nil
      notify(.error, "\(problem); no other input can be opened either")
      return []
    }
    notify(.warning, "\(problem); passed over")
    return commands
  }
}
