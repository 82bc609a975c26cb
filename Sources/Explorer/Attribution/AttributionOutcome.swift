import Heatmaps
import LRP
import NeuralNetwork
import Tensors

/// What an attribution found, for one sample.
public struct AttributionOutcome: Sendable {
  /// The network's output by class.
  public var output: [Float]
  /// Relevance at each node's output, by node of the canonized network, `(1, C, …)`; `nil` where none arrives. Entry 0
  /// is the relevance of the input.
  public var nodeRelevance: [Tensor?]
  /// In forward order.
  public var ledger: [LayerBalance]
  public var seconds: Double
  /// Nodes whose rule was run; the others were reused.
  public var nodesRun: Int
  /// The channel sum of ``nodeRelevance`` 0, made in the background.
  public var inputMap: RelevanceMap?
  /// The sum of the input's relevance.
  public var inputSum: Double?
  /// How it was made. Of all but one backward pass there is only the input's relevance: no ledger, no other nodes.
  public var attributor = AttributorSettings()

  public init(
    output: [Float], nodeRelevance: [Tensor?], ledger: [LayerBalance], seconds: Double, nodesRun: Int
  ) {
    self.output = output
    self.nodeRelevance = nodeRelevance
    self.ledger = ledger
    self.seconds = seconds
    self.nodesRun = nodesRun
    let relevance = nodeRelevance.first ?? nil
    inputMap = relevance.flatMap { try? RelevanceMap(channelSumOf: $0) }
    inputSum = relevance?.sum()
  }

  /// The first sample of a session's result.
  public init(_ result: AttributionSession.Result, attributor: AttributorSettings = AttributorSettings()) {
    let attribution = result.attribution
    var nodeRelevance = attribution.nodeRelevance
    if nodeRelevance.isEmpty {
      nodeRelevance = [attribution.relevance]
    } else {
      nodeRelevance[0] = attribution.relevance
    }
    let classes = attribution.output.shape.sampleCount
    self.init(
      output: Array(attribution.output.rowMajorElements().prefix(classes)), nodeRelevance: nodeRelevance,
      ledger: (attribution.ledger?.entries ?? []).map { LayerBalance($0) }, seconds: result.seconds,
      nodesRun: result.nodesRun)
    self.attributor = attributor
  }

  /// The line of a node, if relevance reached it.
  public func balance(ofNode index: Int) -> LayerBalance? { ledger.first { $0.node == index } }
}
