import Foundation
import LRP
import Tensors

/// What `lrp profile` prints.
struct ProfileReport: Encodable {
  struct Layer: Encodable {
    let name: String
    let layer: String
    /// `nil` for the plain gradient.
    let rule: String?
    let forwardSeconds: Double
    let backwardSeconds: Double
    /// Of the whole explanation.
    let share: Double
    let passes: Int
    let flops: Double
    let bytes: Double
    let gflopsPerSecond: Double
    let gigabytesPerSecond: Double
    let limitSeconds: Double
    let isComputeBound: Bool
    let isInCache: Bool
    let skipsZeros: Bool

    /// Why the limit says nothing here; `nil` if it does.
    var exception: String? { isInCache ? "in cache" : skipsZeros ? "zeros left out" : nil }
    var seconds: Double { forwardSeconds + backwardSeconds }
  }

  let model: String
  let composite: String
  let batch: Int
  let threads: Int
  /// The machine's limits.
  let peakGflopsPerSecond: Double
  let streamGigabytesPerSecond: Double
  /// Of the fastest cache that all threads' data fits.
  let cacheGigabytesPerSecond: Double
  let seconds: Double
  /// What the limits allow for the whole.
  let limitSeconds: Double
  /// The worst first.
  let layers: [Layer]
  private let hidden: Int

  private enum CodingKeys: String, CodingKey {
    case model, composite, batch, threads, peakGflopsPerSecond, streamGigabytesPerSecond, cacheGigabytesPerSecond
    case seconds, limitSeconds, layers
  }

  init(_ profile: Profile, model: String, composite: String, batch: Int, limit: Int?) {
    self.model = model
    self.composite = composite
    self.batch = batch
    threads = Parallelism.threads
    peakGflopsPerSecond = profile.limits.flopsPerSecond / 1e9
    streamGigabytesPerSecond = profile.limits.bytesPerSecond / 1e9
    cacheGigabytesPerSecond = profile.limits.bytesPerSecond(forBytes: 0) / 1e9
    seconds = profile.seconds
    limitSeconds = profile.limitSeconds
    let all = profile.worstFirst.map { layer in
      Layer(
        name: layer.name, layer: layer.summary, rule: layer.rule, forwardSeconds: layer.forwardSeconds,
        backwardSeconds: layer.backwardSeconds, share: layer.seconds / max(profile.seconds, 1e-12),
        passes: 1 + layer.passes.forward + layer.passes.backward, flops: layer.work.flops, bytes: layer.work.bytes,
        gflopsPerSecond: layer.flopsPerSecond / 1e9, gigabytesPerSecond: layer.bytesPerSecond / 1e9,
        limitSeconds: layer.limitSeconds, isComputeBound: layer.isComputeBound, isInCache: layer.isInCache,
        skipsZeros: layer.skipsZeros)
    }
    layers = Array(all.prefix(limit ?? all.count))
    hidden = all.count - layers.count
  }

  /// In 80 columns, if the layers' names are not long.
  var text: String {
    var table = TextTable(
      ["name", "rule", "ms", "passes", "achieved", "of limit", "lost"], trailing: [2, 3, 4, 5, 6])
    for layer in layers {
      let rate = String(
        format: layer.isComputeBound ? "%.0f GFLOP/s" : "%.1f GB/s",
        layer.isComputeBound ? layer.gflopsPerSecond : layer.gigabytesPerSecond)
      let isMeasurable = layer.flops + layer.bytes > 0 && layer.seconds > 0
      table.add([
        layer.name, layer.rule ?? "gradient", Self.milliseconds(layer.seconds), "\(layer.passes)",
        isMeasurable ? rate : "",
        !isMeasurable ? "" : layer.exception ?? Self.percent(layer.limitSeconds / layer.seconds),
        layer.exception != nil ? "" : Self.milliseconds(layer.seconds - layer.limitSeconds),
      ])
    }
    let heading =
      "\(model), \(composite), batch \(batch), \(threads) thread\(threads == 1 ? "" : "s")\nmeasured limits: "
      + String(
        format: "%.0f GFLOP/s, %.0f GB/s from memory, %.0f in cache\n", peakGflopsPerSecond, streamGigabytesPerSecond,
        cacheGigabytesPerSecond)
    let rest = hidden > 0 ? "… and \(hidden) more layers\n" : ""
    let total =
      "whole explanation \(Self.milliseconds(seconds)) ms, limit \(Self.milliseconds(limitSeconds)) ms: "
      + String(format: "%.2f times the limit\n", seconds / max(limitSeconds, 1e-12))
    return heading + table.text + rest + total
  }

  private static func percent(_ share: Double) -> String { String(format: "%.0f %%", 100 * share) }
  /// Without the sign of a negative zero.
  private static func milliseconds(_ seconds: Double) -> String {
    String(format: "%.2f", (100_000 * seconds).rounded() / 100 + 0)
  }
}
