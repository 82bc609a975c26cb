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
}

/// Something the user can do: declared once with its keys and words; footer, help, palette and cheat sheet are made
/// from it.
package struct Action: Sendable {
  package typealias Run = @Sendable (inout ExplorerState, Key) -> [ExplorerCommand]
  package typealias Objection = @Sendable (ExplorerState) -> String?

  /// Unique: `layers.mark`.
  package let id: String
  package let keys: [Key]
  /// Imperative, as in the palette: `Mark or unmark the layer`.
  package let title: String
  /// One word for the footer; `nil` keeps it out of there.
  package let hint: String?
  package let group: ActionGroup
  /// The panes in which the keys work; `nil` for all.
  package let panes: Set<ExplorerState.Pane>?
  /// Why it cannot be done now, or `nil`.
  package let objection: Objection
  package let run: Run

  package init(
    _ id: String, keys: [Key], _ title: String, hint: String? = nil, group: ActionGroup,
    panes: Set<ExplorerState.Pane>? = nil, objection: @escaping Objection = { _ in nil }, run: @escaping Run
  ) {
    self.id = id
    self.keys = keys
    self.title = title
    self.hint = hint
    self.group = group
    self.panes = panes
    self.objection = objection
    self.run = run
  }

  /// The keys as help shows them: `u`, `↑ ↓ j k`.
  package var keyText: String { keys.map(\.displayText).joined(separator: " ") }

  package func applies(in pane: ExplorerState.Pane) -> Bool { panes?.contains(pane) ?? true }
}
