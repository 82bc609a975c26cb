import Foundation

/// A kind of file that the program reads, with ways to damage it.
package struct HostileFormat {
  package let name: String
  /// What the damaged file is called.
  let fileName: String
  /// Bytes that reading may take beyond four times the size of the file.
  let allowance: Int
  /// Files beside it, as they are.
  var companions: [String: Data] = [:]
  /// A damaged file.
  package let damaged: (inout Random) throws -> [UInt8]
  /// Reads the file and all there is in it; whether it was sound. Throws what the program would show as a message.
  let read: (_ path: String) throws -> Bool
  /// Whether memory counts: what a network takes when it is run is its user's business.
  var countsMemory = true
  /// Whether messages must name the file.
  var namesFile = true
  /// Damages a file that may be damaged already, where a change to its bytes would not get far.
  package var damagedAgain: ((_ bytes: [UInt8], _ random: inout Random) throws -> [UInt8])?

  /// The repository: `Tests/Fixtures` and the files that the program brings along.
  static let checkout = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  static func file(_ path: String) throws -> [UInt8] {
    Array(try Data(contentsOf: checkout.appendingPathComponent(path)))
  }

  /// 32 MB: tables of small objects, whose number the file's size limits only beyond this.
  static let usualAllowance = 32 << 20
}
