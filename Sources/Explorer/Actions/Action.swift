import TerminalUI

/// What belongs together in help and cheat sheet.
package enum ActionGroup: String, CaseIterable, Sendable {
  case moving = "Moving"
  case layers = "Layers and marks"
  case rules = "Rules"
  case heatmap = "Heatmap"
  case comparing = "Comparing"
  case explaining = "Input and target"
  case files = "Files"
  case general = "General"
  case tutor = "Tutor (lrp tutor)"
}

/// Something the user can do: declared once with its keys and words; footer, help, palette and cheat sheet are made
/// from it.
package struct Action: Sendable {
  package typealias Run = @Sendable (inout ExplorerState, Key) -> [ExplorerCommand]

  /// Unique: `layers.mark`.
  package let id: String
  package let keys: [Key]
  private let keyLabel: String?
  /// Imperative, as in the palette: `Mark or unmark the layer`.
  package let title: String
  /// One word for the footer; `nil` keeps it out of there.
  package let hint: String?
  package let group: ActionGroup
  /// The panes in which the keys work; `nil` for all.
  package let panes: Set<ExplorerState.Pane>?
  /// What has to be given for it.
  private let requirement: Requirement
  package let run: Run

  /// - Parameter keyLabel: what help shows in place of many keys.
  package init(
    _ id: String, keys: [Key], keyLabel: String? = nil, _ title: String, hint: String? = nil, group: ActionGroup,
    panes: Set<ExplorerState.Pane>? = nil, needs requirement: Requirement = .nothing, run: @escaping Run
  ) {
    self.id = id
    self.keys = keys
    self.keyLabel = keyLabel
    self.title = title
    self.hint = hint
    self.group = group
    self.panes = panes
    self.requirement = requirement
    self.run = run
  }

  /// The key as the footer shows it; of many, what stands for them: `u`, `arrows`.
  package var hintKey: String {
    keyLabel?.split(separator: " ").first.map(String.init) ?? keys.first?.displayText ?? ""
  }

  /// The keys as help shows them: `u`, `↑ ↓ j k`.
  package var keyText: String { keyLabel ?? keys.map(\.displayText).joined(separator: " ") }

  /// Why it cannot be done now, or `nil`.
  package func objection(_ state: ExplorerState) -> String? { requirement.objection(state) }

  package func applies(in pane: ExplorerState.Pane) -> Bool { panes?.contains(pane) ?? true }
}

/// What has to be given for an action.
package struct Requirement: Sendable {
  /// Why it is not given, or `nil`.
  package let objection: @Sendable (ExplorerState) -> String?

  package init(_ objection: @escaping @Sendable (ExplorerState) -> String?) { self.objection = objection }

  static let nothing = Requirement { _ in nil }
  static let model = Requirement { $0.model == nil ? "no model is open (m lists them)" : nil }
  static let outcome = Requirement { $0.attribution.outcome == nil ? "there is no heatmap yet" : nil }
  static let ledger = Requirement { state in
    guard let outcome = state.attribution.outcome else { return "there is no ledger yet" }
    return outcome.ledger.isEmpty ? "\(outcome.attributor.kind.title) has no ledger" : nil
  }
  static let otherNodes = Requirement { outcome.objection($0) ?? $0.objectionToOtherNodes }
  static let output = Requirement { $0.attribution.output.isEmpty ? "the output is not known yet" : nil }
  static let selection = Requirement { $0.selectedRow == nil ? "no layer is selected" : nil }
  static let tutor = Requirement { $0.tutor == nil ? "the tutor is not open; lrp tutor opens it" : nil }
  static let marks = Requirement { $0.layers.marks.isEmpty ? "no layer is marked" : nil }
}
