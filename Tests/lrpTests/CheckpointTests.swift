import Foundation
import ModelFormats
import Testing

/// Checkpoints as training scripts save them: each explains just as the embedded model does, bit for bit, and what was
/// taken and what was not is said. `make_checkpoints.py` wrote the pickles; the embedded parameters are put back here.
@Suite struct CheckpointTests {
  private let scratch: Scratch

  init() throws { scratch = try Scratch() }

  /// Each with what is said about it.
  static let checkpoints: [(String, [String])] = [
    ("wrapped_part", ["names are taken without 'module.'"]), ("compiled_part", ["without '_orig_mod.'"]),
    ("compiled_parallel", ["those under 'model_state_dict'", "'module.', '_orig_mod.'"]),
    ("sharded_training", ["'_fsdp_wrapped_module.', '_checkpoint_wrapped_module.'"]),
    ("lightning", ["those under 'state_dict'", "without 'model.'", "'criterion.pos_weight', 'train_acc.total'"]),
    ("numpy_beside", ["those under 'net'"]), ("numpy_beside_4", ["those under 'net' in 'state_dict'", "'net.'"]),
    ("numpy_beside_5", ["those under 'module'", "'encoder.'"]),
    ("ema_beside", ["those under 'model', not the others under 'state_dict_ema'"]),
    ("ema_within", ["without 'online.'", "left out", "'ema.features.0.bias'"]),
    ("averaged", ["without 'module.'", "'n_averaged'"]),
    ("split", ["'backbone.' where they have it", "'optimizer.exp_avg'"]),
    ("profiled", ["'total_ops'", "'features.0.total_params'"]), ("parts", ["'body.'", "'discriminator.fc.weight'"]),
  ]

  @Test(arguments: checkpoints) func explainsAsTheEmbeddedModel(_ name: String, _ words: [String]) throws {
    let path = scratch.path("\(name).pth")
    try Self.archive(name).write(to: URL(fileURLWithPath: path))
    let embedded = try relevance([])
    let found = try relevance(["--weights", path])
    #expect(found.numbers == embedded.numbers)
    #expect(words.allSatisfy(found.notices.contains), "\(found.notices)")
  }

  /// Shards, of either format.
  @Test(arguments: ["safetensors", "bin"]) func explainsFromShards(_ ending: String) throws {
    let file = try SafetensorsFile(path: Program.asset("models/fashion_vgg.safetensors"))
    var map: [String: String] = [:]
    let half = file.entries.count / 2
    for (number, entries) in [file.entries[..<half], file.entries[half...]].enumerated() {
      let shard = "model-0000\(number + 1)-of-00002.\(ending)"
      // PyTorch's reader is chosen by what is in the file, not by its name.
      try SafetensorsFile.write(
        entries.map { (name: "model." + $0.name, tensor: try file.tensor($0)) }, to: scratch.path(shard))
      for entry in entries { map["model." + entry.name] = shard }
    }
    let index = try JSONSerialization.data(withJSONObject: ["metadata": ["total_size": 1], "weight_map": map])
    let path = scratch.path("model.\(ending).index.json")
    try index.write(to: URL(fileURLWithPath: path))
    let found = try relevance(["--weights", path])
    #expect(try found.numbers == relevance([]).numbers && found.notices.contains("without 'model.'"))
    try FileManager.default.removeItem(atPath: scratch.path("model-00002-of-00002.\(ending)"))
    let broken = try Program.run(Self.command + ["--output", scratch.path("b.npy"), "--weights", path])
    #expect(broken.status == 1 && broken.errors.split(separator: "\n").count == 1)
    #expect(broken.errors.contains("'model-00002-of-00002.\(ending)', which has"), "\(broken.errors)")
  }

  private static let command = [
    "attribute", "--model", "fashion_vgg", "--input", Program.asset("images/fashion_sneaker.png"),
  ]

  private func relevance(_ options: [String]) throws -> (numbers: Data, notices: String) {
    let output = scratch.path("r\(options.count).npy")
    let result = try Program.run(Self.command + ["--output", output] + options)
    #expect(result.status == 0, "\(result.errors)")
    return (try Data(contentsOf: URL(fileURLWithPath: output)), result.errors)
  }

  // MARK: Archives

  /// A storage of a checkpoint: a parameter, or so many bytes of anything.
  private enum Storage: Decodable {
    case parameter(String)
    case bytes(Int)

    init(from decoder: any Decoder) throws {
      let value = try decoder.singleValueContainer()
      self = try (try? value.decode(Int.self)).map { .bytes($0) } ?? .parameter(value.decode(String.self))
    }
  }

  private static func archive(_ name: String) throws -> Data {
    func fixture(_ name: String) throws -> Data {
      try Data(contentsOf: URL(fileURLWithPath: Program.fixture("checkpoints/\(name)")))
    }
    let all = try JSONDecoder().decode([String: [String: Storage]].self, from: fixture("checkpoints.json"))
    let parameters = try SafetensorsFile(path: Program.asset("models/fashion_vgg.safetensors"))
    var members = [(name: "archive/data.pkl", data: try fixture("\(name).pkl"))]
    for (key, storage) in try #require(all[name]).sorted(by: { $0.key < $1.key }) {
      let data =
        switch storage {
        case .bytes(let count): Data(count: count)
        case .parameter(let name):
          // Half precision, in which the pickles have them, too.
          try parameters.tensor(name).rowMajorElements().map { Float16($0) }.withUnsafeBytes { Data($0) }
        }
      members.append((name: "archive/data/\(key)", data: data))
    }
    return zip(members)
  }

  /// A zip archive of stored members; nobody looks at checksums and times.
  private static func zip(_ members: [(name: String, data: Data)]) -> Data {
    func little<Number: FixedWidthInteger>(_ number: Number) -> Data {
      withUnsafeBytes(of: number.littleEndian) { Data($0) }
    }
    var (result, directory) = (Data(), Data())
    for (name, data) in members {
      let sizes = little(UInt32(data.count)) + little(UInt32(data.count)) + little(UInt16(name.utf8.count))
      let offset = little(UInt32(result.count))
      result += little(UInt32(0x0403_4b50)) + little(UInt16(20)) + Data(count: 12) + sizes + Data(count: 2)
      result += Data(name.utf8) + data
      directory += little(UInt32(0x0201_4b50)) + little(UInt16(20)) + little(UInt16(20)) + Data(count: 12)
      directory += sizes + Data(count: 12) + offset + Data(name.utf8)
    }
    let counts = little(UInt16(members.count)) + little(UInt16(members.count))
    let place = little(UInt32(directory.count)) + little(UInt32(result.count))
    return result + directory + little(UInt32(0x0605_4b50)) + Data(count: 4) + counts + place + Data(count: 2)
  }
}
