import ArgumentParser
import CompositeFiles
import TerminalUI

/// `lrp composite diff`: what differs between two composites.
struct CompositeDiff: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff",
    abstract: "Compare two composites.",
    discussion: """
      With --model, the rules that the model's layers get are compared, whatever maps they come from; without, what the \
      files say. Nothing is written if there is no difference.
      """)

  @Argument(help: ArgumentHelp("A composite file or preset.", valueName: "file|preset")) var first: String
  @Argument(help: ArgumentHelp("A composite file or preset.", valueName: "file|preset")) var second: String
  @Flag(help: "Write JSON.") var json = false
  @OptionGroup(title: "Model") var model: ModelOptions
  @OptionGroup var colors: ColorOptions

  func run() throws {
    let readings = try [first, second].map { try CompositeReading($0, options: model) }
    for reading in readings { reading.document.warnings.forEach(StandardError.warn) }
    let difference: CompositeDifference
    if model.model != nil, let left = try readings[0].assignment(), let right = try readings[1].assignment() {
      difference = CompositeDifference(left, right)
    } else {
      difference = CompositeDifference(readings[0].document, readings[1].document)
    }
    if json {
      print(try JSONText.text(difference.items.map(Row.init)), terminator: "")
      return
    }
    let isPlain = colors.capabilities.colorMode == .monochrome
    func line(_ sign: String, _ item: CompositeDifference.Item, _ text: String?, _ color: Int) {
      guard let text else { return }
      let content = "\(sign) \(item.place): \(text)"
      print(isPlain ? content : "\u{1B}[\(color)m\(content)\u{1B}[0m")
    }
    for item in difference.items {
      line("-", item, item.first, 31)
      line("+", item, item.second, 32)
    }
  }

  private struct Row: Encodable {
    let place: String
    let first: String?
    let second: String?

    init(_ item: CompositeDifference.Item) {
      place = item.place
      first = item.first
      second = item.second
    }
  }
}
