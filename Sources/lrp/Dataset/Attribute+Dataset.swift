import Foundation
import Heatmaps
import LRP
import ModelZoo
import NeuralNetwork
import ProgramFiles
import Tensors

extension Attribute {
  /// Explains a folder of pictures with a folder per class.
  func explain(dataset folder: String) throws {
    let clock = ContinuousClock()
    let began = clock.now
    // Whatever is wrong with the paths is found before the model is loaded.
    let plan = try DatasetPlan(
      ImageFolder(path: folder), options: dataset, output: output, seed: self.model.seed)
    Interruption.listen()
    let model = try self.model.load(for: [rules.composite])
    let label = [nil, "label"].contains(target)
    if label, outputRelevance != .output { try plan.check(for: model.card) }
    let target = label ? nil : try model.card.target(self.target)
    plan.notes(for: model.card).forEach(StandardError.warn)
    let composite = try resolvedComposite(for: model)
    let assignment = try composite.composite?.apply(to: model.network) ?? Assignment(gradientOf: model.network)
    let shape = Shape([plan.samples.count] + model.card.inputShape.dimensions)
    try assignment.check(shapes: try assignment.network.shapes(forInput: shape.withBatch(1)))
    try BatchMemory.check(
      batchSize: batchSize, samples: plan.samples.count, of: assignment.network, sample: shape)
    let record = try RunRecord(besides: output, settings: try settings(model, composite))
    if !record.changedSettings.isEmpty {
      let settings = record.changedSettings.joined(separator: ", ")
      StandardError.warn("\(record.path): results of another run (\(settings)) are replaced")
    }
    let run = DatasetRun(
      plan: plan, card: model.card, network: model.network, batchSize: batchSize, record: record,
      image: try heatmap.imageOptions(),
      metadata: [
        "model": model.card.name, "composite": composite.name, "attributor": attributor.kind.rawValue,
        "output_relevance": outputRelevance.rawValue,
      ], attributor: try attributor.attributor(Gradient(assignment), input: shape, seed: self.model.seed),
      outputRelevance: { input, classes in
        try relevance(of: target ?? .indices(classes), network: assignment.network, input: input)
      })
    let loading = clock.now - began
    let summary: DatasetRun.Summary
    do {
      summary = try run.run()
    } catch let error as CancellationError {
      StandardError.write("The results so far are kept; the same command goes on from here.")
      throw error
    }
    try report(summary, of: plan)
    if time { StandardError.write(TimeReport(load: loading, run: summary.times, total: clock.now - began).text) }
  }

  private func report(_ summary: DatasetRun.Summary, of plan: DatasetPlan) throws {
    guard summary.count > 0 else {
      throw CommandFailure("\(plan.folder.path): none of \(plan.samples.count) pictures could be read")
    }
    if summary.resumed > 0 {
      StandardError.write("\(summary.resumed) of \(plan.samples.count) pictures were done by an earlier run.")
    }
    if summary.unreadable > 0 {
      StandardError.warn("\(summary.unreadable) of \(plan.samples.count) pictures could not be read")
    }
    print(summary.accuracy)
  }

  /// Everything that results depend on.
  private func settings(_ model: Model, _ composite: ResolvedComposite) throws -> RunRecord.Settings {
    func stamp(_ path: String?) -> String? {
      guard let path, let attributes = try? FileManager.default.attributesOfItem(atPath: path) else { return path }
      let date = (attributes[.modificationDate] as? Date)?.timeIntervalSince1970 ?? 0
      return "\(path), \(attributes[.size] ?? 0) bytes, \(date)"
    }
    var settings: RunRecord.Settings = [
      "--model": stamp(model.card.name), "--weights": stamp(self.model.weights),
      "--classes": self.model.classes.map(String.init), "--output-node": self.model.outputNode,
      "--seed": "\(self.model.seed)",
      "--composite": composite.document.map { "\(composite.name)\n\($0.yaml())" } ?? composite.name,
      "--canonizer": rules.canonizers.joined(separator: ","), "--target": target ?? "label",
      "--output-relevance": outputRelevance.rawValue, "--dataset": dataset.folder,
      "--max-samples": dataset.maxSamples.map(String.init), "--shuffle": dataset.shuffle == true ? "yes" : nil,
      "--inputs-output": dataset.inputsOutput, "--output": output, "--baseline": stamp(attributor.baseline),
    ].compactMapValues { $0 }
    settings["--attributor"] = attributor.settings
    settings["--cmap"] = "\(heatmap.colorMap) \(heatmap.level ?? 1) \((heatmap.norm ?? .symmetric).rawValue)"
    return settings
  }
}
