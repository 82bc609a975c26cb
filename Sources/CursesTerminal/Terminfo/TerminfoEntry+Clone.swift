/// The user's own terminal with one change: 24-bit colours.
///
/// ncurses gets the clone through `TERMINFO=hex:…`. Keys and everything else stay those of the terminal, nothing has
/// to be installed, and `TERM` remains what child processes expect. The entry `xterm-direct` would not do: it has
/// other keys, and it shows the colours 0x000000…0x000007 as palette colours.
extension TerminfoEntry {
  /// Room for colour pairs: more than there are cells on any screen.
  package static let directPairs: Int32 = 0x40000

  /// The same terminal with direct colours: a colour number is `0xRRGGBB`.
  package func withDirectColors() -> TerminfoEntry {
    var clone = self
    clone.name = "lrp-direct"
    clone.extendedBooleans.insert("RGB")
    clone.numbers["colors"] = 1 << 24
    clone.numbers["pairs"] = TerminfoEntry.directPairs
    clone.strings["setaf"] = TerminfoEntry.directColor(38)
    clone.strings["setab"] = TerminfoEntry.directColor(48)
    clone.strings["op"] = Array("\u{1B}[39;49m".utf8)
    // Colours cannot be redefined, and there is no second way to set them.
    clone.booleans.remove("ccc")
    for name in ["setf", "setb", "initc", "initp", "oc", "scp"] { clone.strings[name] = nil }
    return clone
  }

  /// `ESC [ 38 ; 2 ; r ; g ; b m` for a colour number; 48 for the background.
  private static func directColor(_ code: Int) -> [UInt8] {
    Array("\u{1B}[\(code);2;%p1%{65536}%/%d;%p1%{256}%/%{255}%&%d;%p1%{255}%&%dm".utf8)
  }
}
