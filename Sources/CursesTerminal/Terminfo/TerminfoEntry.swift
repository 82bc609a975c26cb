import CNcurses
import Glibc

/// A terminfo entry in memory: the predefined capabilities in the order of the compiled format, and the extended ones
/// by name.
package struct TerminfoEntry: Equatable {
  /// A capability with a value; absent ones are left out of the dictionaries.
  package var name: String
  package var booleans: Set<String>
  package var numbers: [String: Int32]
  /// Strings without the terminating zero.
  package var strings: [String: [UInt8]]
  package var extendedBooleans: Set<String>
  package var extendedStrings: [String: [UInt8]]

  /// The names of the predefined capabilities in their fixed order.
  package static let booleanNames = names(lrp_boolean_name)
  package static let numberNames = names(lrp_number_name)
  package static let stringNames = names(lrp_string_name)

  private static func names(_ name: (Int32) -> UnsafePointer<CChar>?) -> [String] {
    var result: [String] = []
    while let next = name(Int32(result.count)) { result.append(String(cString: next)) }
    return result
  }

  /// Extended capabilities that ncurses itself looks for: keys with modifiers, mouse, colours.
  private static let extendedBooleanNames = ["AX", "RGB", "Tc", "XT"]
  private static let extendedStringNames: [String] = {
    let keys = ["kUP", "kDN", "kLFT", "kRIT", "kHOM", "kEND", "kNXT", "kPRV", "kIC", "kDC"]
    return ["E3", "XM", "Se", "Ss", "rmxx", "smxx", "kUP", "kDN"]
      + keys.flatMap { key in (3...8).map { key + "\($0)" } }
  }()

  /// Reads an installed entry through ncurses, so that its search rules and formats hold; `nil` if there is none.
  @MainActor package static func installed(_ terminal: String) -> TerminfoEntry? {
    var status: Int32 = 0
    guard setupterm(terminal, STDOUT_FILENO, &status) == OK else { return nil }
    defer { lrp_drop_terminfo() }
    var numbers: [String: Int32] = [:]
    for name in numberNames where tigetnum(name) >= 0 { numbers[name] = tigetnum(name) }
    var strings: [String: [UInt8]] = [:]
    for name in stringNames { strings[name] = string(name) }
    var extendedStrings: [String: [UInt8]] = [:]
    for name in extendedStringNames { extendedStrings[name] = string(name) }
    var extendedBooleans = Set(extendedBooleanNames.filter { tigetflag($0) > 0 })
    // Some entries say in a number or a string how the bits of RGB are shared out; here it only matters that they do.
    if tigetnum("RGB") > 0 || string("RGB") != nil { extendedBooleans.insert("RGB") }
    return TerminfoEntry(
      name: terminal, booleans: Set(booleanNames.filter { tigetflag($0) > 0 }), numbers: numbers, strings: strings,
      extendedBooleans: extendedBooleans, extendedStrings: extendedStrings)
  }

  /// The value of a string capability; ncurses returns -1 for what is not one.
  private static func string(_ name: String) -> [UInt8]? {
    guard let value = tigetstr(name), UInt(bitPattern: value) != UInt.max else { return nil }
    return UnsafeBufferPointer(start: value, count: strlen(value)).map { UInt8(bitPattern: $0) }
  }

  package var facts: TerminalFacts {
    TerminalFacts(
      name: name, colors: Int(numbers["colors"] ?? 0),
      declaresTrueColor: !extendedBooleans.isDisjoint(with: ["RGB", "Tc"]))
  }

  /// Whether a full-screen program can run: the cursor can be placed.
  var canPlaceCursor: Bool { strings["cup"] != nil }
}
