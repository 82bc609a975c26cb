import Foundation

/// Writes pickles by hand, for files that PyTorch would never write.
struct Pickle {
  private(set) var data = Data([0x80, 2])

  mutating func raw(_ bytes: [UInt8]) { data.append(contentsOf: bytes) }
  mutating func code(_ text: String) { data.append(Data(text.utf8)) }
  mutating func global(_ module: String, _ name: String) { code("c\(module)\n\(name)\n") }

  mutating func text(_ text: String) {
    code("X")
    number(UInt32(text.utf8.count))
    code(text)
  }

  mutating func integer(_ value: Int) {
    raw([0x8a, 8])
    withUnsafeBytes(of: Int64(value).littleEndian) { data.append(contentsOf: $0) }
  }

  mutating func integers(_ values: [Int]) {
    code("(")
    for value in values { integer(value) }
    code("t")
  }

  private mutating func number(_ value: UInt32) {
    withUnsafeBytes(of: value.littleEndian) { data.append(contentsOf: $0) }
  }

  mutating func storage(_ type: String = "FloatStorage", key: String = "0", count: Int) {
    code("(")
    text("storage")
    global("torch", type)
    text(key)
    text("cpu")
    integer(count)
    code("tQ")
  }

  mutating func tensor(
    _ type: String = "FloatStorage", key: String = "0", count: Int, offset: Int = 0, shape: [Int], strides: [Int]
  ) {
    global("torch._utils", "_rebuild_tensor_v2")
    code("(")
    storage(type, key: key, count: count)
    integer(offset)
    integers(shape)
    integers(strides)
    raw([0x89])
    global("collections", "OrderedDict")
    code(")RtR")
  }

  /// `{"weight": <body>}`.
  static func stateDict(_ body: (inout Pickle) -> Void) -> Data {
    var pickle = Pickle()
    pickle.code("}")
    pickle.text("weight")
    body(&pickle)
    pickle.code("s.")
    return pickle.data
  }
}

/// Archives of stored members.
enum Zip {
  struct Member {
    var name: String
    var data: Data
    var method: UInt16 = 0
    var flags: UInt16 = 0
    /// What the directory says instead of the size.
    var claimedSize: UInt32?
  }

  static func archive(_ members: [Member], claimedCount: Int? = nil) -> Data {
    var result = Data()
    var directory = Data()
    for member in members {
      let offset = result.count
      let size = member.claimedSize ?? UInt32(member.data.count)
      let name = Data(member.name.utf8)
      result.append(little(UInt32(0x0403_4b50)) + little(UInt16(20)) + little(member.flags) + little(member.method))
      result.append(Data(count: 8) + little(size) + little(size) + little(UInt16(name.count)) + little(UInt16(0)))
      result.append(name + member.data)
      directory.append(little(UInt32(0x0201_4b50)) + little(UInt16(20)) + little(UInt16(20)) + little(member.flags))
      directory.append(little(member.method) + Data(count: 8) + little(size) + little(size))
      directory.append(little(UInt16(name.count)) + Data(count: 12) + little(UInt32(offset)) + name)
    }
    let count = UInt16(claimedCount ?? members.count)
    let start = result.count
    result.append(directory + little(UInt32(0x0605_4b50)) + Data(count: 4) + little(count) + little(count))
    result.append(little(UInt32(directory.count)) + little(UInt32(start)) + little(UInt16(0)))
    return result
  }

  /// A file like `torch.save`'s.
  static func checkpoint(_ pickle: Data, storages: [String: Data] = ["0": Data(count: 64)]) -> Data {
    archive(
      [Member(name: "a/data.pkl", data: pickle)]
        + storages.sorted { $0.key < $1.key }.map { Member(name: "a/data/\($0.key)", data: $0.value) })
  }

  private static func little<Number: FixedWidthInteger>(_ value: Number) -> Data {
    withUnsafeBytes(of: value.littleEndian) { Data($0) }
  }
}
