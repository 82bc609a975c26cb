import Foundation
import ModelFormats

extension HostileFormat {
  private static let names = ["types", "views", "checkpoint", "parameters"]

  /// Zip archives: the pickle taken apart into instructions, the directory into fields.
  static func pytorch() throws -> HostileFormat {
    let whole = try names.map { try file("Tests/Fixtures/formats/\($0).pth") }
    let parts = try whole.map { try ZipParts($0) }
    return HostileFormat(
      name: "pytorch", fileName: "it.pth", allowance: usualAllowance,
      damaged: { random in
        if random.once(in: 3) { return Damage.bytes(random.pick(whole), &random) }
        var parts = random.pick(parts)
        parts.damage(&random)
        return parts.file(&random)
      },
      read: { try readParameters($0) })
  }

  /// The series of pickles that PyTorch wrote before 1.6.
  static func pytorchLegacy() throws -> HostileFormat {
    let whole = try names.map { try file("Tests/Fixtures/formats/\($0)_legacy.pth") }
    let parts = try whole.map { try LegacyParts($0) }
    return HostileFormat(
      name: "pytorch-legacy", fileName: "it.pth", allowance: usualAllowance,
      damaged: { random in
        if random.once(in: 3) { return Damage.bytes(random.pick(whole), &random) }
        var parts = random.pick(parts)
        return parts.damaged(&random)
      },
      read: { try readParameters($0) })
  }
}

extension HostileFormat {
  /// Pickles of a few instructions, a hundred thousand times.
  static func pickleBombs() throws -> HostileFormat {
    let parts = try LegacyParts(file("Tests/Fixtures/formats/types_legacy.pth"))
    return HostileFormat(
      name: "pickle-bombs", fileName: "it.pth", allowance: usualAllowance,
      damaged: { random in
        var parts = parts
        return parts.bomb(&random)
      },
      read: { try readParameters($0) })
  }
}

/// The instructions of a pickle, each with its arguments' bytes.
struct PickleParts {
  var instructions: [[UInt8]] = []
  /// Bytes of the pickle.
  private(set) var count = 0

  /// - Throws: ``Surprise`` for what torch.save does not write.
  init(_ bytes: ArraySlice<UInt8>) throws {
    var position = bytes.startIndex
    while position < bytes.endIndex {
      let length = try Self.length(bytes[position...])
      instructions.append(Array(bytes[position..<position + length]))
      position += length
      if instructions.last == [0x2e] { break }
    }
    count = position - bytes.startIndex
  }

  private static func length(_ bytes: ArraySlice<UInt8>) throws -> Int {
    guard let code = bytes.first else { return 0 }
    func number(_ size: Int) -> Int {
      bytes.dropFirst().prefix(size).enumerated().reduce(0) { $0 | Int($1.element) << (8 * $1.offset) }
    }
    switch code {
    case 0x80, 0x4b, 0x68, 0x71: return 2
    case 0x4d: return 3
    case 0x4a, 0x6a, 0x72: return 5
    case 0x47, 0x95: return 9
    case 0x8a, 0x8c, 0x55, 0x43: return 2 + number(1)
    case 0x58, 0x54, 0x42, 0x8b: return 5 + number(4)
    case 0x63:
      let lines = bytes.enumerated().filter { $0.element == 0x0a }.prefix(2)
      return (lines.last?.offset ?? 0) + 1
    default: return 1
    }
  }

  mutating func damage(_ random: inout Random) {
    for _ in 0...random.below(3) {
      let index = random.below(instructions.count)
      switch random.below(8) {
      case 0: instructions.remove(at: index)
      case 1: instructions.insert(random.pick(instructions), at: index)
      case 2: instructions.swapAt(index, random.below(instructions.count))
      case 3: instructions[index][0] = random.pick(Self.codes)
      case 4: instructions.insert([random.pick(Self.codes)], at: index)
      case 5:
        // The next number, a long one instead.
        guard let place = instructions[index...].firstIndex(where: { [0x4a, 0x4b, 0x4d, 0x8a].contains($0[0]) }) else {
          break
        }
        let value = random.number(near: 4)
        instructions[place] = [0x8a, 8] + (0..<8).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
      case 6:
        guard let place = instructions[index...].firstIndex(where: { $0.count > 1 }) else { break }
        let byte = 1 + random.below(instructions[place].count - 1)
        instructions[place][byte] = UInt8(truncatingIfNeeded: random.next())
      default:
        // The same again and again: depth, or breadth.
        let part = instructions[index..<min(instructions.count, index + 1 + random.below(6))]
        for _ in 0..<random.below(400) { instructions.insert(contentsOf: part, at: index) }
      }
      if instructions.isEmpty { instructions = [[0x2e]] }
    }
  }

  private static let codes: [UInt8] =
    Array(
      "(.012JKMNQRTUXBCG]abcdehjlqrst)u}".utf8) + (0x80...0x96).map { UInt8($0) } + [0x49, 0x69, 0x6f, 0x50]

  var bytes: [UInt8] { instructions.flatMap { $0 } }
}

/// A zip archive as members, to be packed again with other numbers in its directory.
private struct ZipParts {
  private struct Member {
    var name: [UInt8]
    var data: [UInt8]
    /// Bytes by which fields of the local and the central header are replaced, by their offset.
    var local: [Int: UInt8] = [:]
    var central: [Int: UInt8] = [:]
  }
  private var members: [Member] = []
  private var pickle: PickleParts
  private var pickleIndex = 0

  init(_ file: [UInt8]) throws {
    var position = 0
    func number(_ offset: Int, _ size: Int) -> Int { (0..<size).reduce(0) { $0 | Int(file[offset + $1]) << (8 * $1) } }
    // Sizes are in the directory only, so that is read.
    let end = file.count - 22
    position = number(end + 16, 4)
    for _ in 0..<number(end + 10, 2) {
      let (size, name, extra, comment) = (
        number(position + 24, 4), number(position + 28, 2), number(position + 30, 2), number(position + 32, 2)
      )
      let local = number(position + 42, 4)
      let start = local + 30 + number(local + 26, 2) + number(local + 28, 2)
      members.append(
        Member(name: Array(file[position + 46..<position + 46 + name]), data: Array(file[start..<start + size])))
      position += 46 + name + extra + comment
    }
    pickleIndex = members.firstIndex { $0.name.suffix(8).elementsEqual("data.pkl".utf8) } ?? 0
    pickle = try PickleParts(members[pickleIndex].data[...])
  }

  mutating func damage(_ random: inout Random) {
    if random.once(in: 3) {
      for _ in 0...random.below(3) {
        let index = random.below(members.count)
        switch random.below(6) {
        case 0: members[index].local[random.below(30)] = UInt8(random.below(256))
        case 1: members[index].central[random.below(46)] = UInt8(random.below(256))
        case 2: members.remove(at: index)
        case 3: members.append(members[index])
        case 4:
          members[index].name = Array(
            random.pick([
              "archive/data/0", "data.pkl", "../data.pkl", "archive/constants.pkl", "archive/byteorder", "\u{1}",
            ]).utf8)
        default: members[index].data = Damage.bytes(members[index].data, &random)
        }
        if members.isEmpty { return }
      }
      return
    }
    pickle.damage(&random)
    members[pickleIndex].data = pickle.bytes
  }

  func file(_ random: inout Random) -> [UInt8] {
    func little(_ value: Int, _ size: Int) -> [UInt8] {
      (0..<size).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
    func replaced(_ bytes: [UInt8], _ changes: [Int: UInt8]) -> [UInt8] {
      var bytes = bytes
      for (offset, byte) in changes where offset < bytes.count { bytes[offset] = byte }
      return bytes
    }
    var (file, directory): ([UInt8], [UInt8]) = ([], [])
    for member in members {
      let (offset, size) = (file.count, member.data.count)
      let lengths = little(size, 4) + little(size, 4) + little(member.name.count, 2) + little(0, 2)
      file +=
        replaced([0x50, 0x4b, 3, 4, 20, 0, 0, 0, 0, 0] + little(0, 8) + lengths, member.local) + member.name
        + member.data
      directory +=
        replaced(
          [0x50, 0x4b, 1, 2, 20, 0, 20, 0, 0, 0, 0, 0] + little(0, 8) + lengths + little(0, 10) + little(offset, 4),
          member.central)
        + member.name
    }
    let start = file.count
    var end =
      [0x50, 0x4b, 5, 6, 0, 0, 0, 0] + little(members.count, 2) + little(members.count, 2)
      + little(directory.count, 4) + little(start, 4) + little(0, 2)
    if random.once(in: 8) {
      Damage.write(random.number(near: start), byteCount: 4, to: &end, at: 8 + random.below(12), &random)
    }
    if random.once(in: 8) {
      // A zip64 record and its locator.
      var record =
        [0x50, 0x4b, 6, 6] + little(44, 8) + little(0, 12) + little(members.count, 8) + little(members.count, 8)
      record += little(directory.count, 8) + little(start, 8)
      if random.once(in: 2) {
        Damage.write(random.number(near: start), byteCount: 8, to: &record, at: 24 + random.below(32), &random)
      }
      let place = random.once(in: 3) ? random.number(near: start) : start + directory.count
      return file + directory + record + [0x50, 0x4b, 6, 7] + little(0, 4) + little(place, 8) + little(1, 4) + end
    }
    return file + directory + end
  }
}

/// The old format as its five pickles and the storages behind them.
private struct LegacyParts {
  private var pickles: [PickleParts] = []
  private var storages: [UInt8] = []

  init(_ file: [UInt8]) throws {
    var rest = file[...]
    for _ in 0..<5 {
      pickles.append(try PickleParts(rest))
      rest = rest.dropFirst(pickles.last?.count ?? 0)
    }
    storages = Array(rest)
  }

  mutating func bomb(_ random: inout Random) -> [UInt8] {
    let instructions: [[UInt8]] = [
      [0x7d], [0x5d], [0x29], [0x30], [0x32], [0x4e], [0x88], [0x28], [0x94], [0x85], [0x86], [0x74], [0x6c], [0x61],
      [0x75],
      [0x73], [0x31], [0x4b, 1], [0x71, 0], [0x68, 0], [0x8a, 1, 1], [0x55, 1, 0x61], [0x8f], [0x52], [0x65],
      Array("ccollections\nOrderedDict\n".utf8), Array("cnumpy.core.multiarray\nscalar\n".utf8),
      Array("ctorch._tensor\n_rebuild_from_type_v2\n".utf8), [0x81], [0x92], [0x62], [0x90],
    ]
    let part = (0...random.below(4)).map { _ in random.pick(instructions) }
    // What the rest needs to get going.
    pickles[3].instructions = [[0x80, 2], random.pick([[0x7d], [0x5d], [0x29]]), [0x71, 0]]
    for _ in 0..<random.below(200_000) { pickles[3].instructions += part }
    pickles[3].instructions.append([0x2e])
    return pickles.flatMap(\.bytes) + storages
  }

  mutating func damaged(_ random: inout Random) -> [UInt8] {
    switch random.below(8) {
    case 0: pickles[random.below(5)].damage(&random)
    case 1: pickles[4].damage(&random)
    case 2: storages = Damage.bytes(storages, &random)
    default: pickles[3].damage(&random)
    }
    return pickles.flatMap(\.bytes) + storages
  }
}
