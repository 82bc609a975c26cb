import Heatmaps
import TerminalUI

extension Color {
  /// A heatmap's colour on the terminal.
  init(_ rgb: RGB) { self.init(red: rgb.red, green: rgb.green, blue: rgb.blue) }
}
