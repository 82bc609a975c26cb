/// What the user or the system did.
public enum Event: Hashable, Sendable {
  case key(Key)
  case mouse(MouseEvent)
  /// Text pasted in one piece; it may contain line ends and control characters.
  case paste(String)
  case resize(width: Int, height: Int)
  case focusGained
  case focusLost
  /// The process came back from the background; the terminal has been drawn anew.
  case resumed
  /// The process is asked to end: save what is unsaved, then leave.
  case terminate(TerminationReason)
}

/// Why the process is asked to end.
public enum TerminationReason: Hashable, Sendable {
  /// SIGINT from elsewhere (Ctrl-C itself is a key).
  case interrupt
  /// SIGQUIT from elsewhere (Ctrl-\ itself is a key).
  case quit
  /// SIGTERM.
  case terminate
  /// SIGHUP, or the terminal is gone.
  case hangup
}

/// A mouse event at a cell; the top left cell is 0, 0.
public struct MouseEvent: Hashable, Sendable {
  public enum Button: Hashable, Sendable {
    case left, middle, right
  }

  public enum Kind: Hashable, Sendable {
    case press(Button)
    case release(Button)
    /// Moved with a button held.
    case drag(Button)
    case wheelUp
    case wheelDown
  }

  public let kind: Kind
  public let x: Int
  public let y: Int

  public init(_ kind: Kind, x: Int, y: Int) {
    self.kind = kind
    self.x = x
    self.y = y
  }
}
