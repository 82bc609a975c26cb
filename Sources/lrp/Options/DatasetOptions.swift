import ArgumentParser
import FileSystem
import Foundation
import Heatmaps

/// Which pictures of a folder, in which order.
struct DatasetOptions: ParsableArguments {
  @Option(
    name: .customLong("dataset"),
    help: ArgumentHelp(
      "Instead of --input: a folder with a folder of pictures per class; the n-th folder by name, counted from 0, is "
        + "class n, also empty ones. --output is then a format such as 'heatmaps/{sample:04d}.png', with {sample} the "
        + "number, {class} the class number, {label} the folder's and {name} the picture's name. The accuracy is "
        + "printed. An interrupted run goes on where it was when it is started again.", valueName: "folder"))
  var folder: String?

  @Option(
    help: ArgumentHelp(
      "The pictures as the model sees them, as a format: .png, or .npy for the model's input.", valueName: "format"))
  var inputsOutput: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("At most so many pictures.", valueName: "count"))
  var maxSamples: Int?

  @Flag(
    inversion: .prefixedNo,
    help: "In an order drawn from --seed; with --max-samples, a random choice. (default: --no-shuffle)")
  var shuffle: Bool?

  mutating func validate() throws {
    if let maxSamples, maxSamples < 1 {
      throw ValidationError("--max-samples: \(maxSamples) found, at least 1 expected")
    }
    guard folder == nil else { return }
    let given = [
      ("--inputs-output", inputsOutput != nil), ("--max-samples", maxSamples != nil), ("--shuffle", shuffle == true),
    ]
    if let name = given.first(where: { $0.1 })?.0 { throw ValidationError("\(name) belongs to --dataset") }
  }

  /// The fields of the formats.
  private static let fields: [String: PathTemplate.Kind] = [
    "sample": .number, "class": .number, "label": .text, "name": .text,
  ]

  /// - Throws: `FileError` for a format that cannot be filled in, ``CommandFailure`` for another extension.
  static func template(_ text: String, option: String, formats: [String]) throws -> PathTemplate {
    let template = try PathTemplate(text, fields: fields)
    let format = (text as NSString).pathExtension.lowercased()
    guard formats.contains(format) else {
      let found = format.isEmpty ? "no extension" : "the extension .\(format)"
      throw CommandFailure(
        "\(option) \(text): \(found) found, \(formats.map { "." + $0 }.joined(separator: " or ")) expected")
    }
    guard template.fields.contains("sample") || template.fields.contains("name") else {
      throw CommandFailure(
        "\(option) \(text): no field found, {sample} expected, as in 'heatmaps/{sample:04d}.\(format)'; "
          + "else all pictures would go to one file")
    }
    return template
  }
}
