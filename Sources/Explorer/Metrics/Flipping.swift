import LRP
import Tensors
import TerminalUI

/// Pixel flipping that is to be run in the background.
public struct FlippingRequest: Sendable {
  /// An order of flipping: an explanation, or chance.
  public struct Subject: Sendable {
    /// `A`, `B`, `random`.
    public var title: String
    /// The composite, for people.
    public var name: String
    public var order: FlippingOrder

    public init(title: String, name: String, order: FlippingOrder) {
      self.title = title
      self.name = name
      self.order = order
    }
  }

  /// Larger than that of every earlier request.
  public var id: Int
  public var subjects: [Subject]
  public var target: Int
  public var settings: PixelFlipping

  public init(id: Int, subjects: [Subject], target: Int, settings: PixelFlipping) {
    self.id = id
    self.subjects = subjects
    self.target = target
    self.settings = settings
  }
}

/// A curve that was asked for.
public struct FlippingResult: Hashable, Sendable {
  public var title: String
  public var name: String
  public var curve: FlippingCurve

  public init(title: String, name: String, curve: FlippingCurve) {
    self.title = title
    self.name = name
    self.curve = curve
  }
}

/// Curves with how they are shown, for a file.
public struct FlippingContent: Sendable {
  public var results: [FlippingResult]
  public var settings: PixelFlipping
  public var quantity: FlippingCurve.Quantity
  /// `chelsea.png, 285 Egyptian cat`.
  public var title: String

  public init(
    results: [FlippingResult], settings: PixelFlipping, quantity: FlippingCurve.Quantity, title: String
  ) {
    self.results = results
    self.settings = settings
    self.quantity = quantity
    self.title = title
  }
}

/// The curves of the explorer: what was asked for last, and what came of it.
package struct FlippingState: Sendable {
  package enum Status: Hashable, Sendable {
    case idle
    /// The share that is done, 0…1.
    case running(Double)
    case finished
    case cancelled
    case failed(String)
  }

  /// What flipped pixels become.
  package enum Fill: String, CaseIterable, Sendable {
    case mean, black, zero, blur
  }

  package var mode = PixelFlipping.Mode.deletion
  package var blockSide = 8
  package var fill = Fill.mean
  package var quantity = FlippingCurve.Quantity.probability
  package var status = Status.idle
  package var request = 0
  package var results: [FlippingResult] = []
  /// What the results were computed with.
  package var settings = PixelFlipping()
  package var title = ""

  package init() {}

  /// What is shown: outputs that are no probabilities have only a score.
  var shownQuantity: FlippingCurve.Quantity { results.allSatisfy(\.curve.hasProbabilities) ? quantity : .logit }

  /// What that is called.
  var quantityName: String { shownQuantity == .logit && quantity == .probability ? "score" : shownQuantity.rawValue }

  package static let blockSides = [1, 2, 4, 8, 16, 32]

  mutating func changeBlock(larger: Bool) {
    let index = Self.blockSides.firstIndex(of: blockSide) ?? 3
    blockSide = Self.blockSides[min(Self.blockSides.count - 1, max(0, index + (larger ? 1 : -1)))]
  }

  mutating func nextFill() {
    let all = Fill.allCases
    fill = all[((all.firstIndex(of: fill) ?? 0) + 1) % all.count]
  }
}

extension ExplorerState {
  var objectionToFlipping: String? {
    guard let model, let outcome = attribution.outcome, !attribution.isStale else {
      return "there is no finished heatmap to judge"
    }
    if heatmap.pinned?.isRunning == true { return "A is still being explained" }
    guard model.opened.sample.shape.rank == 4, outcome.nodeRelevance.first ?? nil != nil else {
      return "the input is no picture"
    }
    return targetClass == nil ? "there is no class to follow" : nil
  }

  /// Asks for the curves of what is pinned, of what is there now, and of a random order.
  mutating func requestFlipping() -> [ExplorerCommand] {
    guard objectionToFlipping == nil, let model, let target = targetClass,
      let relevance = attribution.outcome?.nodeRelevance.first ?? nil
    else { return [] }
    let side = model.opened.sample.shape[2]
    let fill: FlippingFill
    switch flipping.fill {
    case .mean: fill = .mean
    case .zero: fill = .value([0])
    case .blur: fill = .blur(deviation: max(1, Double(side) / 20))
    case .black:
      switch model.opened.low {
      case .perChannel(let values): fill = .value(values.map { Float($0) })
      case .scalar(let value): fill = .value([Float(value)])
      default: fill = .value([0])
      }
    }
    flipping.settings = PixelFlipping(mode: flipping.mode, blockSide: flipping.blockSide, fill: fill, steps: 40)
    var subjects: [FlippingRequest.Subject] = []
    if let pinned = heatmap.pinned, !pinned.isOutdated, let other = pinned.outcome.nodeRelevance.first ?? nil,
      other.shape == relevance.shape
    {
      subjects.append(.init(title: "A", name: pinned.label, order: .relevance(other)))
    }
    subjects.append(.init(title: "B", name: compositeLabel, order: .relevance(relevance)))
    subjects.append(.init(title: "random", name: "random order", order: .random(seed: 0)))
    flipping.request = nextRequest()
    flipping.status = .running(0)
    flipping.results = []
    flipping.title = "\(model.opened.sample.entry.name), \(targetLabel ?? "class \(target)")"
    return [
      .flip(
        FlippingRequest(id: flipping.request, subjects: subjects, target: target, settings: flipping.settings))
    ]
  }

  mutating func receiveFlipping(_ request: Int, _ news: FlippingNews) {
    guard request == flipping.request, case .running = flipping.status else { return }
    switch news {
    case .progress(let share): flipping.status = .running(share)
    case .result(let result): flipping.results.append(result)
    case .finished: flipping.status = .finished
    case .failed(let text):
      flipping.status = .failed(text)
      notify(.error, text)
    }
  }

  mutating func cancelFlipping() -> [ExplorerCommand] {
    guard case .running = flipping.status else { return [] }
    flipping.status = .cancelled
    return [.cancelFlipping]
  }

  /// The curves that are there, for a file.
  var flippingContent: FlippingContent? {
    flipping.results.isEmpty
      ? nil
      : FlippingContent(
        results: flipping.results, settings: flipping.settings, quantity: flipping.shownQuantity, title: flipping.title)
  }
}

/// What background work reports about curves.
public enum FlippingNews: Sendable {
  /// 0…1.
  case progress(Double)
  /// A curve is done.
  case result(FlippingResult)
  case finished
  case failed(String)
}
