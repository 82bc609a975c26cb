import LRP
import TerminalUI

extension ExplorerState {
  /// What has to be done when the explorer starts: opens the model it was launched with.
  public mutating func start() -> [ExplorerCommand] {
    heatmap.level = launch.level
    heatmap.norm = launch.norm
    heatmap.percentile = launch.percentile
    if let problem = heatmap.setColorMap(launch.colorMap) {
      notify(.error, problem)
    }
    defer { refresh() }
    if let tutor = launch.tutor { return startTutor(tutor) }
    guard let entry = launch.model else {
      popup = ModelsPane(self)
      return []
    }
    return open(entry)
  }

  /// Takes in what happened and says what is to be done. Pure: everything is in the state and in the event.
  public mutating func update(_ event: ExplorerEvent) -> [ExplorerCommand] {
    defer {
      // A file was written meanwhile, or asked for.
      if popup == nil, let sweep { popup = SweepPane(sweep) }
      offerRecovered()
      refresh()
    }
    let commands =
      switch event {
      case .terminal(let event): handle(event)
      case .message(let message): receive(message)
      }
    return commands + followTutor(event)
  }

  private mutating func handle(_ event: Event) -> [ExplorerCommand] {
    refusal = nil
    switch event {
    case .key(let key): return press(key)
    case .mouse(let event): return click(event)
    case .paste(let text): return paste(text)
    case .resize(let width, let height):
      resize(width: width, height: height)
      return []
    case .resumed: return [.redraw]
    case .focusGained, .focusLost: return []
    case .terminate:
      return (history.isUnsaved ? keepUnsaved() : []) + [.quit]
    }
  }

  /// Derives what panes keep from what they are made from.
  mutating func refresh() {
    let layout = layout
    layers.refresh(model, composite, height: layout.layerRows)
    guard !isTooSmall else { return }
    heatmap.render(attribution, model, sweep, contrast, area: HeatmapPane.pictureArea(of: layout.heatmap))
  }

  package var screen: Rect { Rect(width: width, height: height) }
  package var layout: ScreenLayout { ScreenLayout(width: width, height: height, zoomed: zoomed, focus: focus) }

  // MARK: - Keys

  private mutating func press(_ key: Key) -> [ExplorerCommand] {
    if isTooSmall {
      // Nothing can be seen, so nothing may happen; leaving is possible where nothing is lost by it.
      let wantsToLeave = key == .character("q") || key == .control("c")
      return wantsToLeave && !history.isUnsaved ? [.quit] : []
    }
    if key == .control("l") { return [.redraw] }
    clearNotice(on: key)
    if tutor != nil, let action = ActionTable.tutorAction(for: key) { return perform(action, key) }
    if popup != nil { return pass(.key(key == .control("c") ? .escape : key)) }
    if layers.isFiltering { return editFilter(key) }
    guard let action = ActionTable.action(for: key, in: focus) else {
      refuse(Self.reason(against: key))
      return []
    }
    return perform(action, key)
  }

  /// Why a key does nothing in the focused pane.
  private static func reason(against key: Key) -> String {
    let elsewhere = ActionTable.all.first { $0.keys.contains(key) && $0.panes != nil }
    guard let elsewhere, let pane = elsewhere.panes?.min(by: { $0.rawValue < $1.rawValue }) else {
      return "\(key.displayText) does nothing here; ? shows the keys"
    }
    return "\(key.displayText) (\(elsewhere.title)) works in the pane \(pane.title): \(pane.rawValue) goes there"
  }

  /// Does what an action is for, or says why it cannot be done.
  mutating func perform(_ action: Action, _ key: Key? = nil) -> [ExplorerCommand] {
    if let reason = action.objection(self) {
      refuse("\(action.title): \(reason)")
      return [.beep]
    }
    noteForTutor(action)
    return action.run(&self, key ?? action.keys.first ?? .enter)
  }

  /// Hands input to the popup; it may close, stay, or put another one in its place.
  mutating func pass(_ input: ModalInput) -> [ExplorerCommand] {
    guard var pane = popup else { return [] }
    popup = nil
    var input = input
    if case .mouse(let event) = input, event.kind == .press(.left),
      let key = pane.hintedKey(atX: event.x, y: event.y, self)
    {
      input = .key(key)
    }
    let result = pane.handle(input, &self)
    if result.stays, popup == nil { popup = pane }
    return result.commands
  }

  private mutating func paste(_ text: String) -> [ExplorerCommand] {
    if isTooSmall { return [] }
    if popup != nil { return pass(.paste(text)) }
    if layers.isFiltering { layers.filter.insert(text) }
    return []
  }

  private mutating func editFilter(_ key: Key) -> [ExplorerCommand] {
    switch key {
    case .enter, .tab: layers.isFiltering = false
    case .escape, .control("c"):
      layers.isFiltering = false
      layers.filter.set("")
    case .up, .down, .pageUp, .pageDown:
      _ = layers.list.handle(key, count: layers.visible.count, visible: layout.layerRows)
    default:
      if key == .backspace, layers.filter.isEmpty { layers.isFiltering = false }
      _ = layers.filter.handle(key)
    }
    return []
  }

  // MARK: - Notices

  private mutating func refuse(_ reason: String) {
    refusal = reason
    notify(.information, reason)
  }

  package mutating func notify(_ kind: Notice.Kind, _ text: String) {
    let notice = Notice(kind, text)
    self.notice = notice
    if kind == .information { return }
    log.append(notice)
    if log.count > 200 { log.removeFirst(log.count - 200) }
  }

  /// News go away with the next key, problems only when they have been taken note of.
  private mutating func clearNotice(on key: Key) {
    guard let notice else { return }
    if notice.kind != .error || key == .escape || key == .enter || popup != nil { self.notice = nil }
  }

  // MARK: - Moving

  mutating func focus(_ pane: Pane) {
    focus = pane
    if zoomed != nil { zoomed = pane }
  }

  mutating func moveFocus(by step: Int) {
    let all = Pane.allCases
    let index = (all.firstIndex(of: focus) ?? 0) + step + all.count
    focus(all[index % all.count])
  }

  mutating func moveInList(_ key: Key) {
    switch focus {
    case .layers, .ledger:
      _ = layers.list.handle(key, count: layers.visible.count, visible: layout.layerRows)
    case .classes:
      _ = classes.list.handle(key, count: classes.entries.count, visible: layout.classRows)
    case .heatmap: heatmap.moveProbe(key)
    }
  }

  /// Esc: the innermost of what is going on ends.
  mutating func goBack() -> [ExplorerCommand] {
    if layers.rangeAnchor != nil {
      layers.rangeAnchor = nil
    } else if attribution.isRunning || contrast?.isRunning == true || heatmap.pinned?.isRunning == true {
      return cancelAttribution()
    } else if heatmap.probe != nil, focus == .heatmap {
      heatmap.probe = nil
    } else if zoomed != nil {
      zoomed = nil
    } else if !layers.filter.isEmpty {
      layers.filter.set("")
    } else if !layers.marks.isEmpty {
      layers.marks = []
    }
    return []
  }

  mutating func quit() -> [ExplorerCommand] {
    guard history.isUnsaved else { return [.quit] }
    popup = Question.quit(self)
    return []
  }
}
