import Foundation

extension HostileFormat {
  /// Indices of checkpoints in several files that name others, not the same, or anything; beside two sound files.
  static func shardIndex() throws -> HostileFormat {
    let folder = "Tests/Fixtures/formats/"
    let names = ["float32", "int8", "bool", "scalar"].map { "\"\($0)\" : \"one.safetensors\" ," }
    let whole =
      "{ \"metadata\" : { \"total_size\" : 24 , \"a\" : [ 1.5 , null , true ] } ,\n\"weight_map\" : {\n"
      + names.joined(separator: "\n") + "\n\"0.weight\" : \"two.bin\" ,\n\"0.bias\" : \"two.bin\" } }"
    let words = [
      "\"../one.safetensors\"", "\"/dev/zero\"", "\"it.index.json\"", "\"\"", "\".\"", "\"three.bin\"", "{", "}", "[",
      "]",
      "[[[[[[[[", "\"weight_map\"", "\"a\\u0000b\"", "1e999", ",", ":",
    ]
    return HostileFormat(
      name: "shard-index", fileName: "it.index.json", allowance: usualAllowance,
      companions: [
        "one.safetensors": try Data(file(folder + "types.safetensors")),
        "two.bin": try Data(file(folder + "parameters.pth")),
      ],
      damaged: { random in Array(Damage.text(whole, words: words, &random).utf8) },
      read: { try readParameters($0) })
  }
}
