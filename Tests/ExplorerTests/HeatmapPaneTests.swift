import Explorer
import Heatmaps
import TerminalUI
import Testing

/// The picture: what is shown, how large, on which scale.
struct HeatmapPaneTests {
  @Test func theInputIsShownSquare() throws {
    let bench = try Bench()
    let panel = try #require(bench.state.heatmap.rendered?.panels.first)
    #expect(panel.image.width == panel.image.height, "half blocks are square pixels")
    #expect(panel.map.width == Fixture.side)
    let area = HeatmapPane.pictureArea(of: bench.state.layout.heatmap)
    #expect(panel.image.rows <= area.height && panel.image.width <= area.width)
  }

  @Test func aLayerIsShownAndTheInputAgain() throws {
    var bench = try Bench()
    bench.select("conv_stem")
    bench.press(.character("h"))
    #expect(bench.state.heatmap.node == 1)
    #expect(bench.state.heatmap.rendered?.panels.first?.map.width == 16)
    bench.press(.character("h"))
    #expect(bench.state.heatmap.node == 0)
    bench.select("classifier")
    bench.press(.character("h"))
    #expect(bench.state.heatmap.rendered?.isFolded == true, "eight units as a 3x3 square")
    #expect(bench.state.heatmap.rendered?.panels.first?.map.width == 3)
    bench.press(.character("i"))
    #expect(bench.state.heatmap.node == 0)
    bench.press(.character(">"))
    #expect(bench.state.heatmap.node == 1)
    bench.press(.character("<"))
    #expect(bench.state.heatmap.node == 0)
  }

  @Test func colorsAreThoseOfTheMap() throws {
    let bench = try Bench()
    let rendered = try #require(bench.state.heatmap.rendered)
    let panel = try #require(rendered.panels.first)
    let area = HeatmapPane.pictureArea(of: bench.state.layout.heatmap)
    let fitted = panel.map.resampled(width: panel.image.width, height: panel.image.height, quantity: .mean)
    let palette = try ColorMap("coldnhot").palette()
    let (x, y) = (panel.image.width / 2, panel.image.rows / 2)
    for (row, isUpper) in [(2 * y, true), (2 * y + 1, false)] {
      let value = try #require(fitted[x, row])
      let expected = palette[Int(Double(rendered.scale.normalized(value)) * 255)]
      let style = bench.state.view()[area.x + panel.x + x, area.y + panel.y + y].style
      let color = isUpper ? style.foreground : style.background
      #expect([color.red, color.green, color.blue] == [expected.red, expected.green, expected.blue])
    }
  }

  @Test func nothingIsDrawnAnewWithoutNeed() throws {
    var bench = try Bench()
    let before = try #require(bench.state.heatmap.rendered?.panels.first?.image)
    bench.press(.down, .tab, .character("?"), .escape)
    let after = try #require(bench.state.heatmap.rendered?.panels.first?.image)
    let isSameMemory = before.pixels.withUnsafeBufferPointer { old in
      after.pixels.withUnsafeBufferPointer { old.baseAddress == $0.baseAddress }
    }
    #expect(isSameMemory)
  }

  @Test func comparingUsesOneScale() throws {
    var bench = try Bench(width: 200, height: 60)
    bench.press(.character("c"))
    bench.select("conv_stem")
    bench.press(.character("d"))
    try bench.finish(shift: 0.25)
    let rendered = try #require(bench.state.heatmap.rendered)
    #expect(rendered.panels.map(\.title) == ["A", "B", "B−A"])
    let (a, b) = (rendered.panels[0], rendered.panels[1])
    let difference = try #require(b.map.minus(a.map))
    #expect(rendered.panels[2].map == difference)
    let fitted = [a, b].map { $0.map.resampled(width: $0.image.width, height: $0.image.height, quantity: .mean) }
    #expect(rendered.scale == HeatmapScale(of: fitted, norm: .symmetric, percentile: 99))
    bench.press(.character("x"))
    #expect(bench.state.heatmap.rendered?.panels.map(\.title) == ["A"])
    bench.press(.character("x"), .character("x"))
    #expect(bench.state.heatmap.rendered?.panels.map(\.title) == ["B−A"])
    bench.press(.character("c"))
    #expect(bench.state.heatmap.rendered?.panels.map(\.title) == [""])
  }

  @Test func channelsByStrength() throws {
    var bench = try Bench(width: 200, height: 60)
    bench.select("conv_stem")
    bench.press(.character("h"), .character("3"), .character("g"))
    let panels = try #require(bench.state.heatmap.rendered?.panels)
    #expect(panels.count == 8, "all there are")
    #expect(Set(panels.map(\.title)).count == 8)
    let strengths = panels.map { $0.map.values.reduce(0) { $0 + abs($1) } }
    #expect(strengths == strengths.sorted(by: >))
    bench.press(.character("g"), .character("."))
    #expect(bench.state.heatmap.rendered?.panels.map(\.title) == [panels[0].title])
    bench.press(.character("."))
    #expect(bench.state.heatmap.rendered?.panels.first?.map == panels[1].map)
    bench.press(.character(","), .character(","))
    #expect(bench.state.heatmap.channels == .sum)
    #expect(bench.state.heatmap.rendered?.panels.map(\.title) == [""])
    bench.select("classifier")
    bench.press(.character("h"), .character("."))
    #expect(bench.state.heatmap.rendered?.isFolded == true, "units have no positions, so no channels")
  }

  @Test func aLockedScaleStays() throws {
    var bench = try Bench()
    let scale = try #require(bench.state.heatmap.rendered?.scale)
    bench.press(.character("L"), .character("r"))
    try bench.finish(shift: 0.4)
    #expect(bench.state.heatmap.rendered?.scale == scale)
    bench.press(.character("L"))
    #expect(bench.state.heatmap.rendered?.scale != scale)
  }

  @Test func theProbeReadsTheMap() throws {
    var bench = try Bench()
    bench.press(.character("3"), .right)
    let map = try #require(bench.state.heatmap.rendered?.panels.first?.map)
    let value = ColorBar.label(try #require(map[16, 16]))
    #expect(bench.state.view().plainText().contains("x 16 y 16  R \(value)"))
    for _ in 0..<100 { bench.press(.left, .up) }
    #expect(bench.state.heatmap.probe?.column == 0 && bench.state.heatmap.probe?.row == 0)
    let area = HeatmapPane.pictureArea(of: bench.state.layout.heatmap)
    let panel = try #require(bench.state.heatmap.rendered?.panels.first)
    bench.send(
      .mouse(MouseEvent(.press(.left), x: area.x + panel.x + panel.image.width - 1, y: area.y + panel.y)))
    #expect(bench.state.heatmap.probe?.column == Fixture.side - 1)
    bench.press(.escape)
    #expect(bench.state.heatmap.probe == nil)
  }

  @Test func theScaleIsOnScreenInNumbers() throws {
    var bench = try Bench()
    let scale = try #require(bench.state.heatmap.rendered?.scale)
    let text = bench.state.view().plainText()
    #expect(text.contains(ColorBar.label(scale.lower)) && text.contains(ColorBar.label(scale.upper) + " R/px"))
    bench.press(.character("3"), .character("n"), .character("%"))
    #expect(bench.state.heatmap.rendered?.scale.norm == .absolute)
    #expect(bench.state.heatmap.rendered?.scale.percentile == 98)
    #expect(bench.state.view().plainText().contains("|R| p98"))
  }

  @Test func colorMapsAreTriedTakenAndRestored() throws {
    var bench = try Bench()
    bench.press(.character("C"), .down)
    #expect(bench.state.heatmap.colorMapName == "bwr")
    bench.press(.escape)
    #expect(bench.state.heatmap.colorMapName == "coldnhot")
    bench.press(.character("C"))
    bench.type("00f,80:fff,0f0")
    bench.press(.enter)
    #expect(bench.state.heatmap.colorMapName == "00f,80:fff,0f0")
    bench.press(.character("C"))
    bench.type("zzz")
    bench.press(.enter)
    #expect(bench.state.popup is ColorMapPicker, "what is no colour map cannot be taken")
  }

  @Test func pictureAndOverlay() throws {
    var bench = try Bench()
    bench.press(.character("o"), .character("o"))
    #expect(bench.state.heatmap.content == .picture)
    let panel = try #require(bench.state.heatmap.rendered?.panels.first)
    #expect(panel.image.values == nil)
    #expect(panel.image.pixels.first.map { $0.red < 8 && $0.green < 8 } == true, "the picture's corner")
  }

  /// What is written to a file is what is shown.
  private func saved(_ bench: inout Bench) throws -> HeatmapContent {
    bench.press(.character("w"), .enter)
    let contents = bench.commands.compactMap { command -> HeatmapContent? in
      if case .save(let request) = command, case .heatmap(let content) = request.content { content } else { nil }
    }
    return try #require(contents.first)
  }

  @Test func theFileHasTheLevelAndTheLockedScale() throws {
    var bench = try Bench()
    bench.press(.character("3"))
    let single = try saved(&bench)
    #expect(single.panels.map(\.title) == [""] && single.level == 1 && !single.ownScales && single.picture == nil)
    #expect(single.scale == HeatmapScale(of: single.panels[0].map, norm: .symmetric, percentile: 99))
    bench.press(.character("+"), .character("L"))
    let locked = try #require(bench.state.heatmap.lockedScale)
    bench.select("conv_stem")
    bench.press(.character("d"))
    try bench.finish(shift: 0.7)
    let file = try saved(&bench)
    #expect(file.level == bench.state.heatmap.level && file.level > 1)
    #expect(file.scale.lower == locked.lower && file.scale.upper == locked.upper)
    #expect(file.panels[0].map.values == bench.state.heatmap.rendered?.panels[0].map.values)
  }

  @Test func theFileHasAllThatIsCompared() throws {
    var bench = try Bench()
    bench.press(.character("c"))
    bench.select("conv_stem")
    bench.press(.character("d"))
    try bench.finish(shift: 0.7)
    let all = try saved(&bench)
    let maps = all.panels.map(\.map)
    #expect(all.panels.map(\.title) == ["A", "B", "B−A"] && all.panels[1].label == "epsilon_gamma_box* (1 edit)")
    #expect(all.scale == HeatmapScale(of: [maps[0], maps[1]], norm: .symmetric, percentile: 99))
    // One of them alone is on the common scale, on the screen and in the file.
    bench.press(.character("x"), .character("x"))
    let second = try saved(&bench)
    #expect(second.panels.map(\.map.values) == [maps[1].values] && second.scale == all.scale)
    #expect(second.title.hasSuffix(", B: epsilon_gamma_box* (1 edit)"))
    bench.press(.character("3"), .character("o"))
    #expect(try saved(&bench).picture == bench.state.model?.opened.sample.picture)
  }

  @Test func withoutColorsSignsAreCharacters() throws {
    let bench = try Bench(capabilities: DisplayCapabilities(colorMode: .monochrome, glyphs: .ascii))
    let text = bench.state.view().plainText(glyphs: .ascii)
    #expect(text.contains("+++") && text.contains("---"))
    #expect(text.unicodeScalars.allSatisfy { $0.isASCII })
  }
}
