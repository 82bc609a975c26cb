/// Every public name of zennit's modules and what stands for it here. ``ParityTests`` checks that none is missing.
enum ParityNames {
  static let all = core + rules + composites + canonizers + attribution + pictures + types + torchvision

  private static let epsilon = OwnSymbol("Stabilizer", "LRP/Stabilizer.swift")
  private static let composite = OwnSymbol("Composite", "LRP/Composites/Composite.swift")
  private static let apply = OwnSymbol("Composite.apply", "LRP/Composites/Composite.swift")
  private static let zeroParams = OwnSymbol("ParameterModifier.zero", "LRP/Propagation/Term.swift")

  static let core = [
    ParityRow(
      "core.BasicHook", [.init("BasicRule", "LRP/CustomRules/BasicRule.swift")],
      ["BasicRuleTests.equal", "BasicRuleTests.defaults", "HowToWriteARuleArticle.rules"], [],
      "five parts that may be left out; equals the built-in rules to 1e-5"),
    ParityRow("core.Composite", [composite], ["CompositeTests.layerMap", "GoldenModelsTests.relevance"]),
    ParityRow(
      "core.CompositeContext", [apply], ["KnownDifferencesTests.canonizersArePure"], [],
      "a composite makes an assignment; there is nothing to leave"),
    ParityRow(
      "core.Hook", [.init("Rule", "LRP/Rules/Rule.swift"), .init("Rule.propagate", "LRP/Rules/Rule.swift")],
      ["HowToWriteARuleArticle.rules", "HowToWriteARuleArticle.threshold"]),
    ParityRow(
      "core.Identity", [.init("Attribution.nodeRelevance", "LRP/Attributors/Attribution.swift")],
      ["GoldenModelsTests.relevance"], [], "no trick is needed to see the relevance at each node"),
    ParityRow(
      "core.ParamMod", [.init("ParameterModification", "LRP/CustomRules/ParameterModification.swift")],
      ["BasicRuleTests.parameters"], [], "the layer is copied, not changed and restored"),
    ParityRow(
      "core.RemovableHandle", [apply], ["CanonizerTests.purity"], [], "nothing is registered, so nothing is removed"),
    ParityRow("core.RemovableHandleList", [apply], ["CanonizerTests.purity"], [], "as above"),
    ParityRow(
      "core.Stabilizer", [epsilon],
      ["StabilizerTests.plain", "StabilizerTests.clip", "StabilizerTests.normScale", "StabilizerTests.dim"],
      ["rule/Epsilon"]),
    ParityRow(
      "core.collect_leaves", [.init("Network.registrationOrder", "NeuralNetwork/Network.swift")],
      ["CompositeTests.firstMap", "CanonizerTests.notAfterLinear"]),
    ParityRow(
      "core.expand", [.init("Bound", "LRP/Rules/ParameterValue.swift")],
      ["GoldenRulesTests.relevance", "BoundTests.shapes"], ["rule/ZBox"]),
    ParityRow(
      "core.stabilize", [.init("Stabilizer.callAsFunction", "LRP/Stabilizer.swift")],
      ["StabilizerTests.table", "StabilizerTests.quotient"], ["rule/Epsilon"]),
    ParityRow(
      "core.uncompress", [.init("Node.inputs", "NeuralNetwork/Node.swift")], ["KnownDifferencesTests.severalInputs"],
      [],
      "tensors and other arguments need not be told apart: a layer's inputs are tensors, all else is a property"),
    ParityRow("core.zero_wrap", [zeroParams], ["BasicRuleTests.parameters", "RuleCatalogTests.roundTrip"]),
  ]

  static let rules =
    [
      rule("AlphaBeta", "RuleCatalogTests.alphaBeta"), rule("Epsilon"), rule("Flat"), rule("Gamma"),
      rule("Norm"), rule("Pass"), rule("ReLUBetaSmooth"), rule("ReLUDeconvNet"), rule("ReLUGuidedBackprop"),
      rule("WSquare"), rule("ZBox"), rule("ZPlus"),
    ] + [
      ParityRow(
        "rules.ClampMod", [.init("ParameterModifier", "LRP/Propagation/Term.swift")], ["BasicRuleTests.equal"],
        ["rule/ZPlus"]),
      ParityRow(
        "rules.GammaMod", [.init("ParameterModifier.Change", "LRP/Propagation/Term.swift")], ["BasicRuleTests.equal"],
        ["rule/Gamma"]),
      ParityRow(
        "rules.NoMod", [.init("ParameterModification.untouched", "LRP/CustomRules/ParameterModification.swift")],
        ["BasicRuleTests.equal"], ["rule/Norm"]),
      ParityRow(
        "rules.zero_bias", [zeroParams], ["MatrixRuleTests.linear", "RuleCatalogTests.roundTrip"], ["rule/ZPlus"]),
    ]

  private static func rule(_ name: String, _ further: OwnTest...) -> ParityRow {
    let matrix: OwnTest =
      ["Pass", "ReLUBetaSmooth", "ReLUDeconvNet", "ReLUGuidedBackprop"].contains(name)
      ? "MatrixRuleTests.simple" : "MatrixRuleTests.linear"
    return ParityRow(
      "rules.\(name)", [.init(name, "LRP/Rules/\(name).swift")], ["GoldenRulesTests.relevance", matrix] + further,
      ["rule/\(name)"])
  }

  static let composites =
    [
      preset("BetaSmooth", "beta_smooth"), preset("DeconvNet", "deconvnet"),
      preset("EpsilonAlpha2Beta1", "epsilon_alpha2_beta1"),
      preset("EpsilonAlpha2Beta1Flat", "epsilon_alpha2_beta1_flat"), preset("EpsilonGammaBox", "epsilon_gamma_box"),
      preset("EpsilonPlus", "epsilon_plus"), preset("EpsilonPlusFlat", "epsilon_plus_flat"),
      preset("ExcitationBackprop", "excitation_backprop"), preset("GuidedBackprop", "guided_backprop"),
    ] + [
      ParityRow(
        "composites.COMPOSITES", [.init("Preset.all", "LRP/Presets/Preset.swift")], ["GoldenModelsTests.manifests"]),
      ParityRow(
        "composites.LayerMapComposite", [.init("LayerMapComposite", "LRP/Composites/LayerMapComposite.swift")],
        ["CompositeTests.layerMap", "PresetAssignmentTests.layerMaps"]),
      ParityRow(
        "composites.MixedComposite", [.init("MixedComposite", "LRP/Composites/MixedComposite.swift")],
        ["CompositeTests.mixed", "PresetAssignmentTests.mixed"]),
      ParityRow(
        "composites.NameLayerMapComposite", [.init("NameLayerMapComposite", "LRP/Composites/MixedComposite.swift")],
        [
          "CompositeTests.nameLayerMap", "PresetAssignmentTests.nameLayerMaps",
          "KnownDifferencesTests.emptyNameLayerMap",
        ]),
      ParityRow(
        "composites.NameMapComposite", [.init("NameMapComposite", "LRP/Composites/NameMapComposite.swift")],
        ["CompositeTests.nameMap", "PresetAssignmentTests.nameMaps", "GoldenModelsTests.relevance"],
        ["maps/resnet18", "maps/vgg11_bn"]),
      ParityRow(
        "composites.SpecialFirstLayerMapComposite",
        [.init("SpecialFirstLayerMapComposite", "LRP/Composites/SpecialFirstLayerMapComposite.swift")],
        ["CompositeTests.firstMap", "PresetAssignmentTests.layerMaps"]),
      ParityRow(
        "composites.layer_map_base", [.init("base", "LRP/Presets/BaseLayerMap.swift")],
        ["PresetAssignmentTests.baseMap", "PresetTests.options"]),
      ParityRow(
        "composites.register_composite", [.init("Preset.named", "LRP/Presets/Preset.swift")],
        ["PresetTests.errors", "HowToWriteACompositeArticle.composites"], [],
        "a composite of one's own is a value or a file, known by its path"),
    ]

  private static func preset(_ name: String, _ key: String) -> ParityRow {
    ParityRow(
      "composites.\(name)", [.init(name.prefix(1).lowercased() + name.dropFirst(), "LRP/Presets/\(name).swift")],
      ["GoldenModelsTests.relevance", "PresetAssignmentTests.layerMaps"], ["preset/\(key)"])
  }

  static let canonizers = [
    ParityRow(
      "canonizers.AttributeCanonizer", [.init("AttributeCanonizer", "LRP/Canonizers/Canonizer.swift")],
      ["CanonizerTests.attribute"], [], "replaces the operation of nodes"),
    ParityRow(
      "canonizers.Canonizer", [.init("Canonizer", "LRP/Canonizers/Canonizer.swift")],
      ["CanonizerTests.purity", "HowToWriteACanonizerArticle.canonizers"]),
    ParityRow(
      "canonizers.CompositeCanonizer", [.init("CompositeCanonizer", "LRP/Canonizers/Canonizer.swift")],
      ["CanonizerTests.catalogue"]),
    ParityRow(
      "canonizers.MergeBatchNorm", [.init("MergeBatchNorm", "LRP/Canonizers/MergeBatchNorm.swift")],
      ["CanonizerTests.merge", "CanonizerTests.ownMerge"], ["canonizer/VGGCanonizer"],
      "for canonizers of one's own: <doc:HowToWriteACanonizer>"),
    ParityRow(
      "canonizers.NamedMergeBatchNorm", [.init("NamedMergeBatchNorm", "LRP/Canonizers/NamedMergeBatchNorm.swift")],
      ["CanonizerTests.named"]),
    ParityRow(
      "canonizers.SequentialMergeBatchNorm",
      [.init("SequentialMergeBatchNorm", "LRP/Canonizers/SequentialMergeBatchNorm.swift")],
      ["CanonizerTests.merge", "CanonizerTests.notAfterLinear"], ["canonizer/SequentialMergeBatchNorm"]),
  ]

  static let attribution = [
    ParityRow(
      "attribution.Attributor", [.init("Attributor", "LRP/Attributors/Attribution.swift")],
      ["HowToWriteAnAttributorArticle.attributors", "AttributorTests.errors"]),
    ParityRow(
      "attribution.Gradient",
      [
        .init("Gradient", "LRP/Attributors/Gradient.swift"),
        .init("AttributionGradient", "LRP/SecondOrder/AttributionGradient.swift"),
      ],
      ["AttributorTests.golden", "AttributionGradientTests.golden"],
      ["attributor/Gradient", "second order/composites", "second order/activations"],
      "`create_graph` and `inactive` are <doc:HowToDifferentiateAnAttribution>"),
    ParityRow(
      "attribution.IntegratedGradients", [.init("IntegratedGradients", "LRP/Attributors/IntegratedGradients.swift")],
      ["AttributorTests.golden", "AttributorTests.completeness", "IntegratedGradientsTests.baselineOfTheInput"],
      ["attributor/IntegratedGradients"]),
    ParityRow(
      "attribution.Occlusion", [.init("Occlusion", "LRP/Attributors/Occlusion.swift")],
      ["AttributorTests.golden", "AttributorTests.occlusionBatches", "OcclusionTests.ownFunction"],
      ["attributor/Occlusion"]),
    ParityRow(
      "attribution.SmoothGrad", [.init("SmoothGrad", "LRP/Attributors/SmoothGrad.swift")],
      ["AttributorTests.golden", "AttributorTests.noise"], ["attributor/SmoothGrad"], "from the same noise"),
    ParityRow(
      "attribution.constant", [.init("OutputRelevance.tensor", "LRP/Attributors/OutputRelevance.swift")],
      ["OutputRelevanceTests.outputs"]),
    ParityRow(
      "attribution.identity", [.init("OutputRelevance.output", "LRP/Attributors/OutputRelevance.swift")],
      ["OutputRelevanceTests.outputs", "AttributorTests.golden"]),
    ParityRow(
      "attribution.occlude_independent", [.init("Occlusion.invert", "LRP/Attributors/Occlusion.swift")],
      ["AttributorTests.golden", "OcclusionTests.single"], ["attributor/Occlusion"]),
  ]

  static let pictures = [
    ParityRow(
      "image.CMAPS", [.init("BuiltInColorMaps", "Heatmaps/ColorMaps/BuiltInColorMaps.swift")],
      ["ColorMapTests.builtInPalette", "ColorMapTests.builtInNames"], [], bytes),
    ParityRow(
      "image.get_cmap", [.init("ColorMap", "Heatmaps/ColorMaps/ColorMap.swift")],
      ["ColorMapLibraryTests.namesInAnOwnLibrary", "ColorMapParserTests.misspelt"], [],
      "names are looked up in the built-in maps, or in a library that is given"),
    ParityRow(
      "image.gridify", [.init("gridify", "Heatmaps/Images/Gridify.swift")],
      ["GridifyTests.golden", "GridifyTests.wrongGrid"], [], "every number equal"),
    ParityRow(
      "image.imgify", [.init("imgify", "Heatmaps/Images/Imgify.swift")],
      ["ImgifyTests.golden", "ImgifyTests.wrongShape", "ImgifyTests.wrongBatch"], [], bytes),
    ParityRow(
      "image.imsave", [.init("imsave", "Heatmaps/Images/Imsave.swift")],
      ["PNGEncoderTests.imsaveFile", "PNGEncoderTests.roundTrip"], [], "pixels and palette " + bytes),
    ParityRow(
      "image.interval_norm_bounds", [.init("intervalNormBounds", "Heatmaps/Images/IntervalNormalization.swift")],
      ["IntervalNormalizationTests.bounds"], [], "every number equal"),
    ParityRow(
      "image.palette", [.init("ColorMap.palette", "Heatmaps/ColorMaps/ColorMap.swift")],
      ["ColorMapTests.builtInPalette", "ColorMapTests.sourcePalette"], [], bytes),
    ParityRow(
      "cmap.CMapToken", [.init("ColorMapToken", "Heatmaps/ColorMaps/ColorMapLexer.swift")],
      ["ColorMapTests.wrongSource", "ColorMapParserTests.position"]),
    ParityRow(
      "cmap.ColorMap", [.init("ColorMap", "Heatmaps/ColorMaps/ColorMap.swift")],
      ["ColorMapTests.sourcePalette", "ColorMapTests.call"], [], bytes + "; calls to 1e-15"),
    ParityRow(
      "cmap.ColorNode", [.init("ColorMapNode", "Heatmaps/ColorMaps/ColorMapParser.swift")],
      ["ColorMapTests.nodes", "ColorMapTests.sourcePalette"], [], bytes),
    ParityRow(
      "cmap.LazyColorMapCache", [.init("ColorMapLibrary", "Heatmaps/ColorMaps/ColorMapLibrary.swift")],
      ["ColorMapParserTests.library", "ColorMapLibraryTests.namesInAnOwnLibrary"], [],
      "a value: maps of one's own are known where the library is given"),
  ]

  private static let bytes = "byte for byte"

  static let types = [
    ParityRow(
      "layer.Sum", [.init("Sum", "NeuralNetwork/Layers/Sum.swift")], ["GoldenRulesTests.relevance"], ["layer/Sum"]),
    type("Activation", "activation"), type("AvgPool", "avgPool"), type("BatchNorm", "batchNorm"),
    type("Convolution", "convolution"), type("ConvolutionStandard", "convolutionStandard"),
    type("ConvolutionTranspose", "convolutionTranspose"), type("Linear", "linear"), type("MaxPool", "maxPool"),
    ParityRow(
      "types.SubclassMeta", [.init("LayerType.contains", "NeuralNetwork/LayerKind.swift")],
      ["ParityTests.kinds", "CompositeTests.ownFamily"], [],
      "a family is a set of kinds; one's own are `LayerType(_:_:)`"),
  ]

  /// Its figures are those of all its kinds, from ``ParityPage``.
  private static func type(_ name: String, _ own: String) -> ParityRow {
    ParityRow(
      "types.\(name)", [.init("LayerType.\(own)", "NeuralNetwork/LayerKind.swift")],
      ["ParityTests.kinds", "GoldenRulesTests.relevance"], ["type/\(name)"])
  }

  static let torchvision = [
    ParityRow(
      "torchvision.ResNetBasicBlockCanonizer",
      [.init("ResNetBasicBlockCanonizer", "LRP/Canonizers/ResNetCanonizer.swift")],
      ["CanonizerTests.blocks", "GoldenModelsTests.relevance"], ["canonizer/ResNetCanonizer"]),
    ParityRow(
      "torchvision.ResNetBottleneckCanonizer",
      [.init("ResNetBottleneckCanonizer", "LRP/Canonizers/ResNetCanonizer.swift")],
      ["CanonizerTests.blocks", "PresetAssignmentTests.sums", "GoldenModelsTests.relevance"], ["random/resnet50"],
      "figures from the random maps on resnet50"),
    ParityRow(
      "torchvision.ResNetCanonizer", [.init("ResNetCanonizer", "LRP/Canonizers/ResNetCanonizer.swift")],
      ["CanonizerTests.residual", "CanonizerTests.othersStay", "GoldenModelsTests.relevance"],
      ["canonizer/ResNetCanonizer"]),
    ParityRow(
      "torchvision.VGGCanonizer", [.init("VGGCanonizer", "LRP/Canonizers/SequentialMergeBatchNorm.swift")],
      ["CanonizerTests.catalogue", "GoldenModelsTests.relevance"], ["canonizer/VGGCanonizer"]),
  ]
}
