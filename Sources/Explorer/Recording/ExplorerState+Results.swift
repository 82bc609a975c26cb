import TerminalUI

extension ExplorerState {
  /// Extensions of files that a session's results can be written to.
  public static var resultExtensions: [String] {
    PathPrompt.Purpose.saving.flatMap(\.extensions)
  }
  /// Extensions of files that the screen can be written to.
  public static let screenExtensions = ["png", "svg", "pdf", "txt"]

  /// What is written to a file of this name: the heatmap, the ledger or the composite, by its extension.
  /// - Returns: `nil` if there is no such result yet.
  public func result(forExtension ending: String) -> SaveRequest.Content? {
    PathPrompt.Purpose.saving.first { $0.extensions.contains(ending) }.flatMap { PathPrompt.content(for: $0, self) }
  }

  /// The screen as it is now: in all colours, whatever the terminal has, and as text.
  public func screenContent() -> ScreenContent {
    let text = shown(in: .monochrome).plainText(glyphs: capabilities.glyphs)
    let names = model.map { [$0.opened.entry.name, $0.opened.sample.entry.name] } ?? []
    return ScreenContent(
      cells: shown(in: .trueColor), text: text, title: (["lrp"] + names).joined(separator: ", "))
  }

  private func shown(in mode: ColorMode) -> CellBuffer {
    var shown = self
    shown.capabilities = DisplayCapabilities(colorMode: mode, glyphs: capabilities.glyphs)
    shown.refresh()
    return shown.view()
  }
}
