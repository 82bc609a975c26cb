import Heatmaps
import LRP
import NeuralNetwork
import Tensors

/// An input as the model sees it.
public struct InputSample: Sendable {
  public var entry: InputEntry
  /// After cropping, before normalisation, with as many pixels as the input has positions; `nil` if it is no picture.
  public var picture: Picture?
  /// `(1, C, …)`.
  public var shape: Shape

  public init(entry: InputEntry, picture: Picture?, shape: Shape) {
    self.entry = entry
    self.picture = picture
    self.shape = shape
  }
}

/// A model that has been opened in the background, with all that the explorer needs to know of it.
public struct OpenedModel: Sendable {
  public var entry: ModelEntry
  /// As it was loaded, before any canonizer.
  public var network: Network
  /// The canonizers the model needs by default.
  public var canonizers: [any Canonizer]
  /// ``network`` after ``canonizers``: made in the background, because merging batch norms takes time.
  public var canonized: Network
  /// Class names by index; may be empty.
  public var labels: [String]
  /// Lowest and highest value of the input (black and white after normalisation), for the zᴮ rule.
  public var low: Bound?
  public var high: Bound?
  /// The preset that suits the model; `nil` leaves the choice to the explorer.
  public var preset: String?
  /// What ``canonizers`` changed, in lines for the list of messages.
  public var changes: [String]
  /// The input that is explained.
  public var sample: InputSample

  public init(
    entry: ModelEntry, network: Network, canonizers: [any Canonizer], canonized: Network, labels: [String],
    low: Bound?, high: Bound?, preset: String? = nil, changes: [String] = [], sample: InputSample
  ) {
    self.entry = entry
    self.network = network
    self.canonizers = canonizers
    self.canonized = canonized
    self.labels = labels
    self.low = low
    self.high = high
    self.preset = preset
    self.changes = changes
    self.sample = sample
  }
  /// No rules, of the network as it is: some canonizers, such as SignalTakesAll, change gradients. Only a softmax at the
  /// end is left out here too.
  var plainGradient: EditedComposite {
    EditedComposite(title: "gradient", canonizers: canonizers.filter { $0 is LogitOutput })
  }
}
