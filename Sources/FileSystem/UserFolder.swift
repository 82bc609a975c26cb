import Foundation

/// Where the program keeps what belongs to its user, by the XDG Base Directory Specification.
public enum UserFolder: Sendable {
  /// Settings, `$XDG_CONFIG_HOME/lrp`.
  case configuration
  /// What is kept from session to session, `$XDG_STATE_HOME/lrp`.
  case state
  /// What the user has added, `$XDG_DATA_HOME/lrp`.
  case data

  private var place: (variable: String, usual: String) {
    switch self {
    case .configuration: ("XDG_CONFIG_HOME", ".config")
    case .state: ("XDG_STATE_HOME", ".local/state")
    case .data: ("XDG_DATA_HOME", ".local/share")
    }
  }

  /// The folder's path; it need not exist.
  /// - Parameter environment: the variable counts if it is absolute, as the specification has it; else `HOME` decides.
  public func path(_ environment: [String: String] = ProcessInfo.processInfo.environment) -> String {
    if let base = environment[place.variable], base.hasPrefix("/") { return base + "/lrp" }
    return (environment["HOME"] ?? NSHomeDirectory()) + "/" + place.usual + "/lrp"
  }
}
