import TerminalUI

/// A session as text: what the explorer was started with, and the steps of its user, one a line.
///
/// The format is described for users in ``ScriptFormat/help``.
public struct Script: Sendable {
  /// Options of `lrp explore` that the session is started with.
  public internal(set) var start: [String] = []
  /// The line of the options.
  public internal(set) var startLine = 0
  /// Columns and rows of the screen; `nil` takes what there is.
  public internal(set) var size: ScriptSize?
  package internal(set) var steps: [ScriptStep] = []
  /// For messages.
  public let path: String

  /// The steps as they are written, without comments.
  package var lines: [String] { steps.map(\.text) }

  /// Several scripts, one after the other; each waits until nothing goes on in the background.
  package init(joining scripts: [Script], path: String) {
    self.path = path
    for script in scripts {
      let line = script.steps.last?.line ?? 1
      steps += script.steps + [ScriptStep(line: line, action: .wait(.ready, limit: nil))]
    }
  }
}

/// Columns and rows.
public struct ScriptSize: Hashable, Sendable, CustomStringConvertible {
  public var width: Int
  public var height: Int

  package init(width: Int, height: Int) {
    self.width = width
    self.height = height
  }

  /// `120x40`; no screen is larger than 1000 cells either way.
  package init?(_ text: String) {
    let numbers = text.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
    guard numbers.count == 2, numbers.allSatisfy({ (1...1000).contains($0) }) else { return nil }
    self.init(width: numbers[0], height: numbers[1])
  }

  public var description: String { "\(width)x\(height)" }
}

/// One line of a script.
package struct ScriptStep: Hashable, Sendable {
  package var line: Int
  /// Whether it is no mistake if the step does nothing.
  package var mayDoNothing = false
  package var action: ScriptAction
}

package enum ScriptAction: Hashable, Sendable {
  case press([Key])
  /// Keys again, but written as text.
  case type(String)
  case paste(String)
  /// Press and release at one place.
  case click(MouseEvent.Button, x: Int, y: Int)
  case mouse(MouseEvent)
  case resize(ScriptSize)
  /// Until background work has come that far, for at most so many seconds.
  case wait(ScriptCondition, limit: Double?)
  /// The screen shows a text, or does not.
  case expect(String, isShown: Bool)
  case pause(seconds: Double)
  /// A caption for those who watch.
  case say(String)
}

/// What can be waited for.
package enum ScriptCondition: Hashable, Sendable {
  /// The model is open.
  case model
  /// The input is loaded.
  case input
  /// The network's output is known.
  case output
  /// The attribution has ended.
  case heatmap
  /// Files are written and read.
  case files
  /// Nothing is going on in the background.
  case ready
  /// Something in the background has failed.
  case failure
  /// The screen shows a text.
  case text(String)
}

/// Why a script cannot be read or played: the line, what was found there, and what was expected.
public struct ScriptError: Error, Hashable, Sendable, CustomStringConvertible {
  public let path: String
  public let line: Int
  /// `“prees” found, press or … expected`.
  public let problem: String

  public var description: String { "\(path):\(line): \(problem)" }
}
