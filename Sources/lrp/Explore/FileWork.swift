import CompositeFiles
import CursesTerminal
import Explorer
import Figures
import FileSystem
import Foundation
import Heatmaps
import LRP
import ModelFormats
import Tensors
import TerminalUI

/// Reads and writes the explorer's files in the background. Writing is atomic, and replaces nothing unasked.
struct FileWork: Sendable {
  let mailbox: Mailbox<ExplorerMessage>
  let workbench: Workbench
  let unsavedEdits = UnsavedEdits()

  func save(_ request: SaveRequest) async {
    do {
      let path = Self.expanded(request.path)
      switch request.content {
      case .composite(let composite, let model):
        try await write(composite, model: model, to: path, overwriting: request.overwrites)
      case .heatmap(let heatmap):
        try write(heatmap, to: path, overwriting: request.overwrites)
      case .ledger:
        try await writeLedger(to: path, overwriting: request.overwrites)
      case .curves(let content):
        try await write(content, to: path, overwriting: request.overwrites)
      case .screen(let content):
        try write(content, to: path, overwriting: request.overwrites)
      }
      mailbox.post(.saved(request))
    } catch FileError.alreadyExists {
      mailbox.post(.fileExists(request))
    } catch {
      mailbox.post(.saveFailed(request, "\(error)"))
    }
  }

  func openComposite(_ path: String) async {
    do {
      let model = await workbench.network
      let document = try CompositeDocument(
        contentsOf: Self.expanded(path), network: model?.network, defaultCanonizers: model?.canonizers ?? [])
      for warning in document.warnings { mailbox.post(.notice(Notice(.warning, warning))) }
      let composite = document.composite(defaultCanonizers: model?.canonizers ?? [])
      mailbox.post(.compositeOpened(path: path, composite: composite, model: document.model))
    } catch {
      mailbox.post(.compositeFailed(path: path, "\(error)"))
    }
  }

  /// Keeps edits where they survive a crash; `nil` forgets them.
  func keepUnsaved(_ work: UnsavedWork?) async {
    guard let work else { return await unsavedEdits.forget() }
    await keeping { try await unsavedEdits.keep(work, document: document(for: await workbench.modelName)) }
  }

  /// Keeps edits of an earlier session as those of this one.
  func adoptRecovered(_ recovered: RecoveredWork, as work: UnsavedWork) async {
    await keeping {
      try await unsavedEdits.adopt(recovered, as: work, document: document(for: await workbench.modelName))
    }
  }

  private func keeping(_ work: () async throws -> Void) async {
    do {
      try await work()
    } catch {
      mailbox.post(.notice(Notice(.warning, "edits cannot be kept for the case of a crash: \(error)")))
    }
  }

  private func document(for model: String?) -> UnsavedEdits.MakeDocument {
    { step in await document(of: step.composite, model: model) }
  }

  /// Reads what an earlier session has left.
  func readRecovered(_ work: RecoveredWork) async {
    do {
      let model = await workbench.network
      let unsaved = try await unsavedEdits.read(
        work, network: model?.network, defaultCanonizers: model?.canonizers ?? [])
      mailbox.post(.recoveredOpened(work, unsaved))
    } catch {
      mailbox.post(.notice(Notice(.error, "not restored: \(error)")))
    }
  }

  /// The composite as a file's content, its layers in the network's order.
  private func document(of composite: any Composite, model: String?) async -> CompositeDocument {
    let entries = (composite as? NameMapComposite)?.nameMap ?? []
    let document = CompositeDocument(model: model, canonizers: composite.canonizers, nameMap: entries)
    guard let network = await workbench.canonized(with: composite.canonizers) else { return document }
    return document.inOrder(of: network)
  }

  private static func expanded(_ path: String) -> String { (path as NSString).expandingTildeInPath }

  private func write(
    _ composite: NameMapComposite, model: String?, to path: String, overwriting: Bool
  ) async throws {
    let document = await document(of: composite, model: model)
    if (path as NSString).pathExtension.lowercased() == "py" {
      return try AtomicFile.write(document.python(), to: path, overwriting: overwriting)
    }
    try document.write(to: path, overwriting: overwriting)
  }

  private func writeLedger(to path: String, overwriting: Bool) async throws {
    guard let ledger = await workbench.ledger else {
      throw CommandFailure("there is no ledger yet; wait for the heatmap")
    }
    let heading = LedgerFile.Heading(
      model: await workbench.modelName ?? "", composite: "as edited in the explorer",
      input: await workbench.inputName ?? "", targets: nil)
    let file = try OutputFile(path, option: "ledger", formats: ["json", "csv"])
    try LedgerFile.write(LedgerReport([ledger]), heading: heading, to: file, overwriting: overwriting)
  }

  private func write(_ content: FlippingContent, to path: String, overwriting: Bool) async throws {
    let curves = content.results.map { result in
      (name: result.title == "random" ? result.name : "\(result.title) \(result.name)", curve: result.curve)
    }
    let ending = (path as NSString).pathExtension.lowercased()
    switch ending {
    case "csv":
      try AtomicFile.write(EvaluationFile.csv(curves), to: path, overwriting: overwriting)
    case "png", "svg", "pdf":
      let model = await workbench.modelName ?? ""
      let title = "Pixel flipping of \(content.title), \(model)"
      try EvaluationFile.figure(curves, content.settings, content.quantity, title: title)
        .write(to: path, overwriting: overwriting)
    default: throw FileFormatError(path: path, found: ending, expected: ["csv", "png", "svg", "pdf"])
    }
  }

  private func write(_ screen: ScreenContent, to path: String, overwriting: Bool) throws {
    if (path as NSString).pathExtension.lowercased() == "txt" {
      return try AtomicFile.write(screen.text, to: path, overwriting: overwriting)
    }
    try ScreenFigure(title: screen.title, screen: screen.cells).write(to: path, overwriting: overwriting)
  }

  private func write(_ heatmap: HeatmapContent, to path: String, overwriting: Bool) throws {
    switch (path as NSString).pathExtension.lowercased() {
    case "npy":
      let map = heatmap.panels[0].map
      let values = heatmap.panels.flatMap(\.map.values)
      try NPYFile.write(
        Tensor([heatmap.panels.count, 1, map.height, map.width], rowMajor: values), to: path, overwriting: overwriting)
    case "safetensors":
      let tensors = heatmap.panels.map { panel in
        // Names as they are typed: `B-A`.
        (
          panel.title.isEmpty ? "relevance" : panel.title.replacing("\u{2212}", with: "-"),
          Tensor([1, 1, panel.map.height, panel.map.width], rowMajor: panel.map.values)
        )
      }
      try SafetensorsFile.write(tensors, metadata: [:], to: path, overwriting: overwriting)
    case "png", "svg", "pdf":
      try figure(of: heatmap).write(to: path, overwriting: overwriting)
    case let other:
      throw FileFormatError(path: path, found: other, expected: ["png", "svg", "pdf", "npy", "safetensors"])
    }
  }

  private func figure(of heatmap: HeatmapContent) -> HeatmapFigure {
    let panels = heatmap.panels.map { panel in
      let heading = [panel.title, panel.label].filter { !$0.isEmpty }.joined(separator: ": ")
      let content = heatmap.picture.map { HeatmapPanel.Content.overlay(panel.map, $0, Overlay()) } ?? .map(panel.map)
      return HeatmapPanel(heatmap.panels.count > 1 ? heading : "", content)
    }
    var figure = HeatmapFigure(
      title: heatmap.title, panels: panels, scale: heatmap.scale, colorMap: heatmap.colorMap, level: heatmap.level)
    figure.ownScales = heatmap.ownScales
    return figure
  }
}

/// A file name whose ending says no format that can be written.
struct FileFormatError: Error, CustomStringConvertible {
  let path: String
  let found: String
  let expected: [String]

  var description: String {
    let ending = found.isEmpty ? "no extension" : ".\(found)"
    return "\(path): \(ending) found, \(expected.map { "." + $0 }.joined(separator: ", ")) expected"
  }
}
