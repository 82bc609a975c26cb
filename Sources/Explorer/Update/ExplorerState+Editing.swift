import LRP

extension ExplorerState {
  /// The row under the layer list's cursor.
  package var selectedRow: LayerRow? {
    guard layers.visible.indices.contains(layers.list.selected) else { return nil }
    return model?.row(layers.visible[layers.list.selected])
  }

  /// The modules an edit goes to: the marked ones in layer order, or the selected one.
  package var editedPaths: [String] {
    guard let model else { return [] }
    if !layers.marks.isEmpty { return model.paths.filter(layers.marks.contains) }
    if let block = selectedBlock { return block.paths }
    guard let row = selectedRow, row.takesRules else { return [] }
    return [row.path]
  }

  /// `3 layers`, or the name of the only one.
  package func description(of paths: [String]) -> String {
    if paths.count == 1 { return paths[0] }
    let block = layers.marks.isEmpty && selectedBlock?.paths == paths ? selectedBlock : nil
    return NumberText.plural(paths.count, "layer") + (block.map { " of \($0.path)" } ?? "")
  }

  // MARK: - Marks

  var objectionToMarking: String? {
    guard let row = selectedRow else { return "no layer is selected" }
    if let block = selectedBlock { return block.paths.isEmpty ? "no layer of \(block.path) takes a rule" : nil }
    return row.takesRules ? nil : "\(row.name) takes no rule"
  }

  mutating func toggleMark() {
    if layers.range != nil {
      toggleRange()
      return
    }
    toggleSelectedMark()
    layers.list.move(by: 1, count: layers.visible.count, visible: layout.layerRows)
  }

  /// Marks or unmarks the selected layer; of a folded block all layers, unmarked if they all were marked.
  mutating func toggleSelectedMark() {
    let paths = Set(selectedBlock?.paths ?? selectedRow.map { [$0.path] } ?? [])
    if paths.isSubset(of: layers.marks) { layers.marks.subtract(paths) } else { layers.marks.formUnion(paths) }
  }

  mutating func toggleRange() {
    guard let range = layers.range else {
      layers.rangeAnchor = layers.list.selected
      return
    }
    mark(range.flatMap { rows(atListed: $0) })
    layers.rangeAnchor = nil
  }

  /// - Returns: how many rows take rules.
  @discardableResult
  mutating func mark(_ rows: [LayerRow]) -> Int {
    let paths = rows.filter(\.takesRules).map(\.path)
    layers.marks.formUnion(paths)
    return Set(paths).count
  }

  mutating func markSelectedKind() {
    guard let kind = selectedRow?.kind, let model else { return }
    let count = mark(model.rows.filter { $0.kind == kind })
    notify(.information, "\(NumberText.plural(count, "layer")) of kind \(kind.rawValue) marked")
  }

  mutating func markListed() { mark(layers.visible.indices.flatMap { rows(atListed: $0) }) }

  // MARK: - Rules

  var objectionToRulePicker: String? {
    if model == nil { return "no model is open" }
    if !editedPaths.isEmpty { return nil }
    guard let row = selectedRow else { return "no layer is selected" }
    return row.index == 0
      ? "the input takes no rule; choose a layer"
      : "\(row.name) is an operation without a module; a canonizer turns it into one"
  }

  mutating func openRulePicker() -> [ExplorerCommand] {
    guard let picker = RulePicker(self) else {
      notify(.warning, "no rule can be used on all of the \(NumberText.plural(editedPaths.count, "marked layer"))")
      return []
    }
    popup = picker
    return []
  }

  /// The present composite with a rule (`nil`: none) for some modules.
  func composite(with rule: (any Rule)?, for paths: [String]) -> EditedComposite {
    var composite = history.composite
    for path in paths { composite.rules[path] = rule.map { RuleMatch(rule: $0, reason: RuleMatch.editedReason) } }
    return composite
  }

  mutating func removeRule() -> [ExplorerCommand] {
    let paths = editedPaths
    return commit(composite(with: nil, for: paths), label: "gradient → \(description(of: paths))")
  }

  var objectionToZeroBias: String? {
    if let problem = objectionToRulePicker { return problem }
    return editedPaths.contains { zeroBiasToggled(at: $0) != nil } ? nil : "its rule has no zero_params"
  }

  /// The module's rule with `bias` put into its `zero_params`, or taken out.
  private func zeroBiasToggled(at path: String) -> (any Rule)? {
    guard let rule = history.composite.rules[path]?.rule else { return nil }
    var values = Dictionary(rule.parameters.map { ($0.name, $0.value) }) { first, _ in first }
    guard case .keys(var keys) = values["zero_params"] else { return nil }
    keys.formSymmetricDifference([.bias])
    values["zero_params"] = .keys(keys)
    return try? RuleCatalog.make(rule.name, values)
  }

  mutating func toggleZeroBias() -> [ExplorerCommand] {
    let paths = editedPaths.filter { zeroBiasToggled(at: $0) != nil }
    var composite = history.composite
    for path in paths {
      composite.rules[path] = zeroBiasToggled(at: path).map { RuleMatch(rule: $0, reason: RuleMatch.editedReason) }
    }
    return commit(composite, label: "zero_params bias ± → \(description(of: paths))")
  }

  // MARK: - Documents

  /// Makes a composite the present one and explains with it.
  /// - Parameter isRunning: the preview of this very composite has been asked for already.
  mutating func commit(
    _ composite: EditedComposite, label: String, isBase: Bool = false, isRunning: Bool = false
  ) -> [ExplorerCommand] {
    history.commit(composite, label: label, isBase: isBase)
    preview = nil
    return keepUnsaved() + (isRunning ? [] : requestAttribution())
  }

  mutating func undo() -> [ExplorerCommand] {
    guard let label = history.undo() else { return [] }
    notify(.information, "undone: \(label)")
    return keepUnsaved() + requestAttribution()
  }

  mutating func redo() -> [ExplorerCommand] {
    guard let label = history.redo() else { return [] }
    notify(.information, "done again: \(label)")
    return keepUnsaved() + requestAttribution()
  }

  mutating func goToEdit(_ index: Int) -> [ExplorerCommand] {
    guard index != history.steps.present else { return [] }
    history.go(to: index)
    return keepUnsaved() + requestAttribution()
  }

  mutating func openPresetPicker() -> [ExplorerCommand] {
    popup = PresetPicker(self)
    return []
  }

  /// A preset's rules for the open model, with its canonizers and pixel bounds.
  /// - Throws: ``LRPError`` if it needs bounds the model does not have.
  func composite(of preset: Preset) throws -> EditedComposite {
    guard var model else { return EditedComposite(title: preset.name) }
    // The plain gradient has none: nobody has chosen that for the preset.
    let present = history.composite
    let isGradient = present.rules.isEmpty && present.canonizers.isEmpty
    let canonizers = hasComposite && !isGradient ? present.canonizers : model.opened.canonizers
    try model.canonize(with: canonizers)
    return EditedComposite(
      title: preset.name, canonizers: canonizers,
      rules: try model.rules(of: preset.composite(presetOptions(canonizers))))
  }

  /// What presets are made with for the open model.
  func presetOptions(_ canonizers: [any Canonizer]) -> PresetOptions {
    var options = PresetOptions()
    options.low = model?.opened.low
    options.high = model?.opened.high
    options.canonizers = canonizers
    return options
  }

  /// A composite read from a file, resolved for the open model.
  /// - Throws: if it does not fit the network; the message names the layer.
  func read(_ composite: any Composite, path: String) throws -> EditedComposite {
    guard var changed = model else { return EditedComposite(title: path) }
    try changed.canonize(with: composite.canonizers)
    let rules = try changed.rules(of: composite)
    for name in changed.paths {
      if let rule = rules[name]?.rule, let problem = changed.objection(to: rule, path: name) {
        throw LRPError.rule(layer: name, rule: rule.name, problem: problem)
      }
    }
    return EditedComposite(
      title: PathPrompt.fileName(path), path: path, canonizers: composite.canonizers, rules: rules)
  }

  mutating func take(_ composite: any Composite, path: String, madeFor made: String?) -> [ExplorerCommand] {
    guard model != nil else { return [] }
    do {
      let edited = try read(composite, path: path)
      notify(.success, "opened \(path)")
      warnIfMade(for: made, path: path)
      layers.marks = []
      return commit(edited, label: "opened \(edited.title)", isBase: true)
    } catch {
      notify(.error, "\(path): \(error)")
      return []
    }
  }

  mutating func warnIfMade(for made: String?, path: String) {
    guard let made, let model, made != model.opened.network.name, made != model.opened.entry.name else { return }
    notify(.warning, "\(path) was made for \(made); its layers fit \(model.opened.entry.name) all the same")
  }
}
