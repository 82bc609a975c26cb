import ArgumentParser
import Foundation
import Heatmaps
import ModelFormats
import Tensors

/// `lrp render`: relevance that was written to a file as a heatmap.
struct Render: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Draw relevance from a file as a heatmap.",
    discussion: """
      The channels of each sample are summed; several samples become one sheet, each normalised by itself.

      Examples:
        lrp render r.npy --output r.png --cmap bwr --norm symmetric
        lrp render layers.safetensors --tensor features.3 --output layer.png
      """)

  @Argument(
    help: ArgumentHelp(
      "Relevance: .npy or .safetensors, (N, C, H, W), (C, H, W) or (H, W).", valueName: "file"))
  var relevance: String

  @Option(name: .shortAndLong, help: ArgumentHelp("The picture to write.", valueName: "file.png"))
  var output: String

  @Option(
    help: ArgumentHelp("Which tensor of a safetensors file. (default: relevance)", valueName: "name"))
  var tensor: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Only this sample, counted from 0.", valueName: "number"))
  var sample: Int?

  @OptionGroup(title: "Heatmap") var heatmap: HeatmapOptions

  func run() throws {
    let file = try OutputFile(output, option: "--output", formats: ["png"])
    try OutputFile.checkDistinct([file], inputs: [relevance])
    var array = try read()
    while (2...3).contains(array.shape.rank) {
      array = Tensor(array.shape.withLeadingAxis, rowMajor: array.rowMajorElements())
    }
    guard array.shape.rank == 4, array.count > 0 else {
      throw CommandFailure(
        "\(relevance): an array of shape \(array.shape) found, (N, C, H, W), (C, H, W) or (H, W) expected")
    }
    if let sample {
      guard (0..<array.shape.batch).contains(sample) else {
        throw CommandFailure(
          "--sample: \(sample) found, 0 to \(array.shape.batch - 1) expected, which \(relevance) has")
      }
      array = array.sample(sample)
    }
    if !array.isFinite { StandardError.warn("\(relevance): contains NaN or infinite values, which have no colour") }
    try RelevanceFile.write(array, to: file, options: try heatmap.imageOptions())
  }

  private func read() throws -> Tensor {
    guard (relevance as NSString).pathExtension.lowercased() == "safetensors" else {
      if tensor != nil { throw ValidationError("--tensor is of safetensors files; \(relevance) is not called so") }
      return try NPYFile.read(relevance)
    }
    return try SafetensorsFile(path: relevance).tensor(tensor ?? "relevance")
  }
}
