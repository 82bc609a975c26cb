import Foundation

/// What other processes ask of the machine, as far as Linux tells.
package enum MachineLoad {
  /// How many tasks of other processes are running or waiting for a core at this moment; 0 where nothing is known.
  package static var runningElsewhere: Int {
    // 0.00 0.01 0.05 2/345 6789: the fourth field is runnable / all tasks.
    guard let load = contents("/proc/loadavg"), let field = load.split(separator: UInt8(ascii: " ")).dropFirst(3).first,
      let all = Int(String(decoding: field.prefix { $0 != UInt8(ascii: "/") }, as: UTF8.self))
    else { return 0 }
    return max(0, all - runningHere)
  }

  /// How many of this process's threads are running or waiting for a core.
  private static var runningHere: Int {
    guard let folder = opendir("/proc/self/task") else { return 0 }
    defer { closedir(folder) }
    var count = 0
    while let entry = readdir(folder) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
      // 12345 (any name) R …: the state follows the last parenthesis.
      guard name.first != ".", let stat = contents("/proc/self/task/\(name)/stat"),
        let end = stat.lastIndex(of: UInt8(ascii: ")")), end + 2 < stat.endIndex
      else { continue }
      if stat[end + 2] == UInt8(ascii: "R") { count += 1 }
    }
    return count
  }

  /// The first bytes of a file; `nil` if it cannot be read.
  static func contents(_ path: String, limit: Int = 512) -> [UInt8]? {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return nil }
    defer { close(file) }
    let bytes = [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
      count = max(0, read(file, buffer.baseAddress, buffer.count))
    }
    return bytes.isEmpty ? nil : bytes
  }
}
