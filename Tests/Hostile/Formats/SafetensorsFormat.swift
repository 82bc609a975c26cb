import FileSystem
import Foundation
import ModelFormats
import ModelZoo
import Tensors

extension HostileFormat {
  /// Headers of well-formed JSON with numbers that are not, and bytes changed anywhere.
  static func safetensors() throws -> HostileFormat {
    let whole = try [file("Tests/Fixtures/formats/types.safetensors"), file("assets/models/fashion_mlp.safetensors")]
    return HostileFormat(
      name: "safetensors", fileName: "it.safetensors", allowance: usualAllowance,
      damaged: { random in
        random.once(in: 2) ? Damage.bytes(random.pick(whole), &random) : SafetensorsBuilder.file(&random)
      },
      read: { try readParameters($0) })
  }

  /// Sound files whose tensors are called otherwise, have other shapes and types than the architecture's.
  static func weights() throws -> HostileFormat {
    let whole = try file("assets/models/fashion_mlp.safetensors")
    let length = (0..<8).reduce(0) { $0 | Int(whole[$1]) << (8 * $1) }
    let header = String(decoding: whole[8..<8 + length], as: UTF8.self)
    let data = whole[(8 + length)...]
    let words = ["F16", "BF16", "I8", "[784,256]", "[1]", "[]", "features.0.weight", "classifier.0.weight", "module."]
    return HostileFormat(
      name: "weights", fileName: "it.safetensors", allowance: usualAllowance,
      damaged: { random in
        let spaced = [",", ":", "\"", "[", "]"].reduce(header) { $0.replacing($1, with: " \($1) ") }
        let text = Damage.text(spaced, words: words + spaced.components(separatedBy: " "), &random)
        // Spaces only between words: a name with one is no longer the architecture's.
        var bytes = Array(text.replacing(" ", with: "").utf8)
        while bytes.count % 8 != 0 { bytes.append(0x20) }
        let rest = random.once(in: 20) ? data.prefix(random.below(data.count)) : data
        return (0..<8).map { UInt8(truncatingIfNeeded: bytes.count >> (8 * $0)) } + bytes + rest
      },
      read: { path in
        // Of the large ones nearly everything is missing.
        for name in ["vgg16", "squeezenet1_1"] where (try? ModelZoo.load(name, weights: path)) != nil {
          throw Surprise("\(path): taken for parameters of \(name)")
        }
        _ = try ModelZoo.load("fashion_mlp", weights: path)
        return true
      })
  }

  /// Every tensor, as numbers.
  static func readParameters(_ path: String) throws -> Bool {
    try readingModelFormat(path) {
      let file = try ParameterFiles.open(path: path)
      var count = 0
      for entry in file.entries {
        let tensor = try file.tensor(entry.name)
        guard tensor.shape == entry.shape else { throw Surprise("\(path): \(tensor.shape) for \(entry.shape)") }
        _ = tensor.withUnsafeBufferPointer { $0.reduce(0, +) }
        count += tensor.count
      }
      let size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0
      guard count <= size + 1 << 20 else { throw Surprise("\(path): \(count) elements from \(size) bytes") }
    }
    return true
  }

  /// Errors of libraries below do not come through: the modules that read files have their own.
  static func readingModelFormat(_ path: String, _ body: () throws -> Void) throws {
    do {
      try body()
    } catch let error where !(error is ModelFormatError || error is FileError || error is Surprise) {
      throw Surprise("\(path): an error that is not the module's own: \(error)")
    }
  }
}

/// Something that must not happen.
struct Surprise: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = "\u{7} " + description }
}

/// Writes safetensors files as a program might that has gone mad halfway.
private enum SafetensorsBuilder {
  static func file(_ random: inout Random) -> [UInt8] {
    var offset = 0
    var fields: [String] = []
    for index in 0...random.below(4) {
      let shape = (0..<random.below(4)).map { _ in 1 + random.below(4) }
      let (word, size) = random.pick([("F32", 4), ("F64", 8), ("I8", 1), ("BF16", 2), ("BOOL", 1), ("I64", 8)])
      let end = offset + shape.reduce(size, *)
      let mad = random.once(in: 3)
      func number(_ value: Int) -> String {
        mad && random.once(in: 3)
          ? random.pick(["\(random.number(near: value))", "1e3", "\"1\"", "[1]", "00", "9999999999999999999"])
          : "\(value)"
      }
      var parts = [
        "\"dtype\":\"\(mad && random.once(in: 4) ? random.pick(["F8_E4M3", "f32", "", "F32F32", "\\u0000"]) : word)\"",
        "\"shape\":[\(extents(shape, mad, &random).map(number).joined(separator: ","))]",
        "\"data_offsets\":[\(number(offset)),\(number(end))]",
      ]
      if mad && random.once(in: 5) { parts.remove(at: random.below(3)) }
      if mad && random.once(in: 5) { parts.append(random.pick(parts + ["\"x\":{}", "\"shape\":[]"])) }
      let name =
        mad && random.once(in: 4)
        ? random.pick(["t0", "", "\\ud83d\\ude00", "\\ud800", "a\\u0007b", "__metadata__"]) : "t\(index)"
      fields.append("\"\(name)\":{\(parts.joined(separator: ","))}")
      offset = end
    }
    if random.once(in: 4) { fields.append("\"__metadata__\":{\"a\":\(random.pick(["\"b\"", "1", "{}", "\"\\n\""]))}") }
    if random.once(in: 8) {
      fields.append(String(repeating: random.pick(["{", "[", "\"a\":"]), count: random.below(20_000)))
    }
    if random.once(in: 8) {
      fields += (0..<random.below(2000)).map { "\"e\($0)\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]}" }
    }
    var header = Array(("{" + fields.joined(separator: ",") + "}").utf8)
    while header.count % 8 != 0 { header.append(0x20) }
    var length = header.count
    if random.once(in: 10) { length = random.number(near: length) }
    var file = (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) } + header
    let data = random.once(in: 8) ? max(0, random.number(near: offset) & 0xffff) : offset
    for _ in 0..<min(data, 1 << 16) { file.append(UInt8(truncatingIfNeeded: random.next())) }
    return file
  }

  private static func extents(_ shape: [Int], _ mad: Bool, _ random: inout Random) -> [Int] {
    guard mad, random.once(in: 6) else { return shape }
    return [Int](repeating: random.pick([1, 0, 2, 1 << 32]), count: random.below(40))
  }
}
