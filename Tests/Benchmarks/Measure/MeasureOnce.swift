import ArgumentParser
import Foundation
import LRP

/// One case in a process of its own: for other numbers of threads.
struct MeasureOnce: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "once", abstract: "Run one case and print its figures as JSON.", shouldDisplay: false)

  @Argument(help: "The case, as JSON.") var item: String
  @Option(help: "Counted runs; one more comes before them.") var repeats = 3

  struct Figures: Codable {
    let seconds: [Double]
  }

  func run() throws {
    let item = try JSONDecoder().decode(Case.self, from: Data(self.item.utf8))
    let subject = try Subject(item.model)
    let (attributor, input) = (try subject.attributor(item), try subject.input(item))
    var times = Times()
    for round in 0...max(0, repeats) {
      let seconds = try Times.measure { try attributor.attribute(input, .logit(.index(Case.target))) }.seconds
      if round > 0 { times.add(seconds) }
    }
    let figures = Figures(seconds: times.seconds)
    print(String(decoding: try JSONEncoder().encode(figures), as: UTF8.self))
  }

  /// Runs this program with a case.
  /// - Parameter threads: `nil` for as many as the machine has.
  static func inChild(_ item: Case, threads: Int? = nil, repeats: Int) throws -> Figures {
    let arguments = [
      "once", String(decoding: try JSONEncoder().encode(item), as: UTF8.self), "--repeats", "\(repeats)",
    ]
    let output = try Child.output(
      of: Child.ownPath, arguments, environment: threads.map { ["OMP_NUM_THREADS": "\($0)"] } ?? [:])
    return try JSONDecoder().decode(Figures.self, from: output)
  }
}
