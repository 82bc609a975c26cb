import LRP

extension ExplorerState {
  /// Asks for an attribution of the composite and target shown; it supersedes the one that is running.
  mutating func requestAttribution() -> [ExplorerCommand] {
    guard syncCanonizers(), model != nil else { return [] }
    attribution.request = nextRequest()
    attribution.status = .running(nil)
    contrast?.request = nil
    heatmap.pinned?.request = nil
    return attributionRequest(id: attribution.request).map { [.attribute($0)] } ?? []
  }

  /// What explains with the composite, target and attributor shown.
  func attributionRequest(id: Int) -> AttributionRequest? {
    model.map { model in
      AttributionRequest(
        id: id, composite: composite.expanded(over: model.paths), output: .logit(target), attributor: shownAttributor)
    }
  }

  mutating func cancelAttribution() -> [ExplorerCommand] {
    if attribution.isRunning { attribution.status = .cancelled }
    contrast?.request = nil
    heatmap.pinned?.request = nil
    notify(.information, "attribution cancelled; r runs it again")
    return [.cancelAttribution]
  }

  /// Brings the network to the composite's canonizers.
  /// - Returns: whether they fit.
  private mutating func syncCanonizers() -> Bool {
    guard var changed = model else { return false }
    let names = changed.rows.map(\.name)
    do {
      try changed.canonize(with: composite.canonizers)
    } catch {
      attribution.status = .failed("\(error)")
      notify(.error, "\(error)")
      return false
    }
    model = changed
    if names != changed.rows.map(\.name) {
      // Nodes have other numbers now: nothing computed before can be shown.
      attribution.outcome = nil
      contrast?.pair = nil
      heatmap.show(node: 0)
      flags = []
    }
    return true
  }

  // MARK: - Target

  /// The class that is explained, once the output is known.
  package var targetClass: Int? {
    switch target {
    case .index(let index): index
    case .indices(let indices): indices.first
    case .top1: classes.entries.first?.index
    }
  }

  mutating func explain(_ new: Target) -> [ExplorerCommand] {
    guard new != target else { return [] }
    target = new
    return requestAttribution()
  }

  mutating func explainSelectedClass() -> [ExplorerCommand] {
    guard classes.entries.indices.contains(classes.list.selected) else { return [] }
    return explain(.index(classes.entries[classes.list.selected].index))
  }

  /// `285 Egyptian cat`.
  package var targetLabel: String? {
    targetClass.map { label(ofClass: $0) }
  }

  // MARK: - Heatmap

  mutating func showSelectedLayer() {
    guard let row = selectedRow else { return }
    heatmap.show(node: heatmap.node == row.index ? 0 : row.index)
  }

  /// Selects the listed layer before or after the one shown, and shows it.
  mutating func walk(by step: Int) {
    guard !layers.visible.isEmpty else { return }
    let current = layers.visible.lastIndex { $0 <= heatmap.node } ?? 0
    let place = min(max(0, current + step), layers.visible.count - 1)
    layers.list.select(place, count: layers.visible.count, visible: layout.layerRows)
    heatmap.show(node: layers.visible[place])
  }

  /// `epsilon_gamma_box* (3 edits)`, with the attributor if it is another than the usual.
  package var explanationLabel: String { withMethod(compositeLabel) }

  /// The same without the number of edits: `epsilon_gamma_box*`.
  package var shortExplanationLabel: String { withMethod(compositeName) }

  private func withMethod(_ label: String) -> String {
    shownAttributor.kind == .gradient ? label : label + " · " + shownAttributor.kind.title
  }

  /// `epsilon_gamma_box* (3 edits)`.
  package var compositeLabel: String {
    let edits = history.present.edits
    return compositeName + (edits > 0 ? " (\(NumberText.plural(edits, "edit")))" : "")
  }

  private var compositeName: String { composite.title + (history.isUnsaved || preview != nil ? "*" : "") }
}
