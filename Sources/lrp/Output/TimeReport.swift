import Foundation

/// What `--time` says.
struct TimeReport {
  let load: Duration
  let run: RunTimes
  let total: Duration

  var text: String {
    let parts = [("load", load), ("forward", run.forward), ("backward", run.backward), ("total", total)]
    let seconds = parts.map { "\($0.0) \(Self.seconds($0.1)) s" }.joined(separator: ", ")
    return "time: \(seconds); peak memory \(Self.peakMemory / 1024) MiB"
  }

  private static func seconds(_ duration: Duration) -> String {
    let (seconds, attoseconds) = duration.components
    return String(format: "%.4f", Double(seconds) + Double(attoseconds) / 1e18)
  }

  /// Largest resident size so far, in KiB. (Linux's `getrusage` begins with that of whoever started the program.)
  private static var peakMemory: Int {
    let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)
    let line = status?.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
    if let line, let kibibytes = Int(line.filter(\.isNumber)) { return kibibytes }
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return usage.ru_maxrss
  }
}
