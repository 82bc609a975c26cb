import Foundation
import Heatmaps

/// Numbers as texts.
package enum ValueText {
  /// Three significant digits, as beside colour bars.
  package static func value(_ number: Double) -> String { ColorBar.label(Float(number)) }

  /// As short as it can be: `99`, `99.5`.
  package static func short(_ number: Double) -> String { String(format: "%g", number) }

  /// A share as a percentage: `43 %`, `0.4 %`, `-12 %`; `nil` gives a dash.
  package static func percent(_ share: Double?) -> String {
    guard let share else { return "\u{2013}" }
    guard share.isFinite else { return "nan" }
    let percentage = share * 100
    let rounded = abs(percentage) < 9.95 ? (percentage * 10).rounded() / 10 : percentage.rounded()
    if rounded == 0 { return "0 %" }
    return abs(rounded) >= 100_000 ? String(format: "%.1e %%", percentage) : "\(short(rounded)) %"
  }
}
