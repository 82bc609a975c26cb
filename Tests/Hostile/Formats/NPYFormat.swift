import Foundation
import ModelFormats

extension HostileFormat {
  static func npy() throws -> HostileFormat {
    let folder = "Tests/Fixtures/formats/"
    let whole = try ["f4_little", "f4_fortran", "i8_big", "u1_little", "f2_big", "f4_version3", "scalar"].map {
      try file(folder + $0 + ".npy")
    }
    return HostileFormat(
      name: "npy", fileName: "it.npy", allowance: usualAllowance,
      damaged: { random in random.once(in: 2) ? Damage.bytes(random.pick(whole), &random) : array(&random) },
      read: { path in
        let tensor = try NPYFile.read(path)
        _ = tensor.withUnsafeBufferPointer { $0.reduce(0, +) }
        return true
      })
  }

  /// Archives of arrays, stored and compressed.
  static func npz() throws -> HostileFormat {
    let whole = try ["one", "one_compressed", "two", "two_compressed"].map {
      try file("Tests/Fixtures/formats/\($0).npz")
    }
    return HostileFormat(
      name: "npz", fileName: "it.npz", allowance: usualAllowance,
      damaged: { random in
        var bytes = random.pick(whole)
        if random.once(in: 2) { return Damage.bytes(bytes, &random) }
        // Sizes, places and methods in the directory at the end.
        for _ in 0...random.below(3) {
          let place = bytes.count - 1 - random.below(min(bytes.count, 180))
          Damage.write(
            random.number(near: bytes.count), byteCount: random.pick([2, 4]), to: &bytes, at: place, &random)
        }
        return bytes
      },
      read: { path in
        let tensor = try NPYFile.read(path)
        _ = tensor.withUnsafeBufferPointer { $0.reduce(0, +) }
        return true
      })
  }

  /// A header of Python literals with mad numbers. Some arrays are large enough for copies of them to be told.
  private static func array(_ random: inout Random) -> [UInt8] {
    let isLarge = random.once(in: 50)
    var shape = isLarge ? [1, 3, 1024, 1024 + random.below(3000)] : (0..<random.below(5)).map { _ in random.below(5) }
    let (descriptor, size) = random.pick([
      ("<f4", 4), (">f4", 4), ("|u1", 1), ("<f8", 8), ("<f2", 2), ("|b1", 1), (">i2", 2),
    ])
    let count = shape.reduce(size, *)
    if !isLarge, random.once(in: 3) {
      shape = shape.map { random.once(in: 2) ? random.number(near: $0) : $0 }
      if random.once(in: 5) { shape = [Int](repeating: random.pick([1, 2, 0]), count: random.below(40)) }
    }
    let text = random.once(in: 10) ? random.pick(["O", "<c8", "<U4", "", "<f4' ", "=f4"]) : descriptor
    var parts = [
      "'descr': '\(text)'", "'fortran_order': \(random.pick(["False", "True"]))",
      "'shape': (\(shape.map { "\($0)" }.joined(separator: ", "))\(shape.count == 1 ? "," : ""))",
    ]
    if random.once(in: 12) { parts.remove(at: random.below(3)) }
    if random.once(in: 12) { parts.append(random.pick(parts)) }
    var header = Array(("{" + parts.joined(separator: ", ") + ", }").utf8)
    while (10 + header.count + 1) % 64 != 0 { header.append(0x20) }
    header.append(0x0a)
    let length = random.once(in: 10) ? random.number(near: header.count) : header.count
    var file: [UInt8] = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, UInt8(random.once(in: 20) ? random.below(5) : 1), 0]
    file += [UInt8(truncatingIfNeeded: length), UInt8(truncatingIfNeeded: length >> 8)] + header
    let bytes = random.once(in: 10) && !isLarge ? random.below(1000) : count
    return file + (isLarge ? [UInt8](repeating: 7, count: bytes) : (0..<bytes).map { _ in UInt8(random.below(256)) })
  }
}
