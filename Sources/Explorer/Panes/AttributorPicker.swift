import LRP
import TerminalUI

/// The choice of the attributor with its parameters edited in place; the heatmap follows, Esc restores.
package struct AttributorPicker: ModalPane {
  package private(set) var form: ChoiceForm
  private let kinds = AttributorSettings.Kind.allCases
  private let before: AttributorSettings
  /// The layer that was shown before: only one backward pass shows others than the input.
  private let nodeBefore: Int
  /// What the preview shows.
  private var shown: AttributorSettings

  package init(_ state: ExplorerState) {
    before = state.attributor
    shown = state.attributor
    nodeBefore = state.heatmap.node
    let settings = state.attributor
    let choices = kinds.map { kind in
      let parameters = AttributorText.parameters(of: kind)
      return ChoiceForm.Choice(
        name: kind.title, formula: kind.formula, summary: kind.summary, note: parameters.isEmpty ? "" : nil,
        parameters: parameters, fields: parameters.map { TextField(AttributorText.text(of: $0.name, settings)) })
    }
    form = ChoiceForm(choices, selected: kinds.firstIndex(of: settings.kind) ?? 0, over: state)
  }

  package var hints: [KeyHints.Hint] { form.hints(choosing: "take") }
  package func frame(_ state: ExplorerState) -> Rect? { form.frame(in: state.screen) }

  package mutating func handle(_ input: ModalInput, _ state: inout ExplorerState) -> ModalResult {
    switch form.handle(input, in: state.screen) {
    case .cancelled: return cancel(&state)
    case .stays: return .stay(preview(&state))
    case .chosen:
      let commands = preview(&state)
      guard form.problem == nil else { return .stay([.beep]) }
      state.attributor = shown
      state.attributorPreview = nil
      return .close(commands)
    }
  }

  /// The attributor as chosen and typed.
  private func settings(_ state: ExplorerState) throws(ParameterText.Problem) -> AttributorSettings {
    var settings = before
    settings.kind = kinds[form.index]
    for (parameter, field) in zip(form.choice.parameters, form.choice.fields) {
      try AttributorText.read(field.text, for: parameter, into: &settings)
    }
    guard let shape = state.model?.opened.sample.shape else { return settings }
    if let problem = settings.objection(toInput: shape) { throw ParameterText.Problem(description: problem) }
    return settings
  }

  /// Lets the heatmap follow what is chosen now.
  private mutating func preview(_ state: inout ExplorerState) -> [ExplorerCommand] {
    do {
      let settings = try settings(state)
      form.problem = nil
      guard settings != shown else { return [] }
      shown = settings
      state.attributorPreview = settings
      state.heatmap.show(node: settings.kind == .gradient ? nodeBefore : 0)
      return state.requestAttribution()
    } catch {
      form.problem = error.description
      return []
    }
  }

  private func cancel(_ state: inout ExplorerState) -> ModalResult {
    state.attributorPreview = nil
    guard shown != before else { return .close }
    state.heatmap.show(node: nodeBefore)
    return .close(state.requestAttribution())
  }

  package func draw(_ state: ExplorerState, into buffer: inout CellBuffer, in screen: Rect) {
    form.draw("How to explain", hints: hints, into: &buffer, in: screen)
  }
}

extension ExplorerState {
  /// Why only the input can be looked at, or `nil`.
  var objectionToOtherNodes: String? {
    guard let kind = attribution.outcome?.attributor.kind, kind != .gradient else { return nil }
    return "\(kind.title) explains the input only (M chooses \(AttributorSettings.Kind.gradient.title))"
  }
}
