import TerminalUI

extension ExplorerState {
  /// Extensions of files that a session's results can be written to, besides the screen itself as `txt`.
  public static var resultExtensions: [String] {
    PathPrompt.Purpose.saving.flatMap(\.extensions)
  }

  /// What is written to a file of this name: the heatmap, the ledger or the composite, by its extension.
  /// - Returns: `nil` if there is no such result yet.
  public func result(forExtension ending: String) -> SaveRequest.Content? {
    PathPrompt.Purpose.saving.first { $0.extensions.contains(ending) }.flatMap { PathPrompt.content(for: $0, self) }
  }

  /// The screen as text: as on a terminal without colours, where signs show the relevance.
  public func screenText() -> String {
    var shown = self
    shown.capabilities = DisplayCapabilities(colorMode: .monochrome, glyphs: capabilities.glyphs)
    shown.refresh()
    return shown.view().plainText(glyphs: capabilities.glyphs)
  }
}
