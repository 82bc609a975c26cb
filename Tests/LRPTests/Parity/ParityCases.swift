/// Each test function of zennit's own unit tests and ours that covers the same behaviour. Cases were ported, not texts.
enum ParityCases {
  static let all = rules + core + canonizers + composites + attribution + image + colorMaps + torchvision

  static let rules = [
    ParityRow("test_rules.test_linear_rule", "MatrixRuleTests.linear", "GoldenRulesTests.relevance"),
    ParityRow("test_rules.test_simple_rule", "MatrixRuleTests.simple", "GoldenRulesTests.relevance"),
    ParityRow("test_rules.test_alpha_beta_invalid_values", "RuleCatalogTests.alphaBeta"),
    ParityRow("test_rules.test_zero_bias", "MatrixRuleTests.linear", "BasicRuleTests.parameters"),
  ]

  static let core = [
    ParityRow("test_core.test_stabilize", "StabilizerTests.table"),
    ParityRow("test_core.test_stabilizer_match", "StabilizerTests.dim", "StabilizerTests.quotient"),
    ParityRow(
      "test_core.test_stabilizer_ensure", "StabilizerTests.ensure",
      remark: "numbers are literals of the type; functions have an initializer"),
    ParityRow(
      "test_core.test_stabilizer_ensure_fail", "RuleCatalogTests.errors", "BadInputTests.namesThePlaceAndWhatIsWrong",
      remark: "the compiler refuses other types; texts in composite files are errors"),
    ParityRow("test_core.test_expand_shapes", "BoundTests.shapes"),
    ParityRow("test_core.test_expand_non_tensor", "BoundTests.numbers"),
    ParityRow("test_core.test_expand_shape_invalid", "BoundTests.invalid"),
    ParityRow("test_core.test_uncompress", "KnownDifferencesTests.severalInputs", remark: "nothing to tell apart"),
    ParityRow("test_core.test_param_mod", "ParameterModificationTests.keys", "BasicRuleTests.parameters"),
    ParityRow("test_core.test_param_mod_required_missing", "BasicRuleTests.parameters"),
    ParityRow("test_core.test_param_mod_ensure", "BasicRuleTests.parameters", remark: "one type, made from a function"),
    ParityRow("test_core.test_param_mod_ensure_unknown_type", "BasicRuleTests.errors", remark: "the compiler's part"),
    ParityRow("test_core.test_collect_leaves_dummy", "CompositeTests.firstMap", "CanonizerTests.notAfterLinear"),
    ParityRow("test_core.test_collect_leaves_no_children", "BasicRuleTests.equal", remark: "networks of one layer"),
    ParityRow("test_core.test_identity", "GoldenModelsTests.relevance", remark: "relevance is seen at every node"),
    ParityRow("test_core.test_hook_grad", "HowToWriteARuleArticle.threshold", "HowToWriteARuleArticle.rules"),
    ParityRow(
      "test_core.test_hook_no_grad", "AttributionSessionTests.nothingChanged",
      remark: "a rule runs when relevance is asked for, never in a forward pass"),
    ParityRow("test_core.test_hook_active", "AttributionGradientTests.golden", remark: "rules have no switch"),
    ParityRow(
      "test_core.test_hook_grad_grad", "AttributionGradientTests.golden", "AttributionGradientTests.inputTimesGradient"),
    ParityRow("test_core.test_hook_copy", "BasicRuleTests.identity", remark: "rules are values"),
    ParityRow("test_core.test_hook_tuple", "KnownDifferencesTests.severalInputs"),
    ParityRow("test_core.test_hook_kwargs", "KnownDifferencesTests.severalInputs", remark: "arguments are node inputs"),
    ParityRow("test_core.test_basic_hook_default", "BasicRuleTests.defaults"),
    ParityRow("test_core.test_basic_hook_custom", "BasicRuleTests.equal", "BasicRuleTests.outputModifiers"),
    ParityRow("test_core.test_basic_hook_copy", "BasicRuleTests.identity"),
    ParityRow("test_core.test_removable_handle_deleted", "CanonizerTests.purity", remark: "no handles"),
    ParityRow("test_core.test_composite_context", "CompositeTests.layerMap", "HowToWriteACompositeArticle.composites"),
    ParityRow("test_core.test_composite_empty", "CompositeTests.mixedCanonizers", "CompositeTests.nameLayerMap"),
    ParityRow("test_core.test_composite_inactive", "AttributionGradientTests.golden"),
  ]

  static let canonizers = [
    ParityRow("test_canonizers.test_merge_batchnorm_consistency", "CanonizerTests.merge", "CanonizerTests.purity"),
    ParityRow("test_canonizers.test_merge_batchnorm_apply", "CanonizerTests.merge", "CanonizerTests.named"),
    ParityRow("test_canonizers.test_attribute_canonizer", "CanonizerTests.attribute"),
    ParityRow("test_canonizers.test_composite_canonizer", "CanonizerTests.catalogue"),
    ParityRow(
      "test_canonizers.test_base_canonizer_cooperative_apply", "HowToWriteACanonizerArticle.canonizers",
      remark: "a canonizer is a function; composing is CompositeCanonizer"),
  ]

  static let composites = [
    ParityRow("test_composites.test_composite_layer_map_registered", "PresetAssignmentTests.layerMaps"),
    ParityRow("test_composites.test_composite_special_first_layer_map_registered", "PresetAssignmentTests.layerMaps"),
    ParityRow("test_composites.test_composite_name_map_registered", "PresetAssignmentTests.nameMaps"),
    ParityRow("test_composites.test_composite_mixed_registered", "PresetAssignmentTests.mixed"),
    ParityRow("test_composites.test_composite_name_layer_map_registered", "PresetAssignmentTests.nameLayerMaps"),
  ]

  static let attribution = [
    ParityRow("test_attribution.test_gradient_attributor_inactive", "AttributionGradientTests.golden"),
    ParityRow(
      "test_attribution.test_gradient_attributor_composite", "AttributorTests.golden",
      "AttributionSessionTests.anythingChanged"),
    ParityRow("test_attribution.test_gradient_attributor_output_fn", "OutputRelevanceTests.outputs"),
    ParityRow("test_attribution.test_gradient_attributor_grad", "AttributionGradientTests.softplus"),
    ParityRow(
      "test_attribution.test_gradient_attributor_output_fn_precedence", "OutputRelevanceTests.outputs",
      remark: "the relevance at the output is given once, with the call"),
    ParityRow("test_attribution.test_smooth_grad_single", "AttributorTests.oneIteration"),
    ParityRow(
      "test_attribution.test_smooth_grad_single_grad", "AttributionGradientTests.softplus",
      "AttributorTests.oneIteration",
      remark: "second derivatives are those of Gradient; one iteration is Gradient to the bit"),
    ParityRow(
      "test_attribution.test_smooth_grad_distribution", "SmoothGradTests.distribution", "AttributorTests.noise"),
    ParityRow("test_attribution.test_integrated_gradients_single", "IntegratedGradientsTests.single"),
    ParityRow(
      "test_attribution.test_integrated_gradients_single_grad", "AttributionGradientTests.softplus",
      "IntegratedGradientsTests.single", remark: "second derivatives are those of Gradient"),
    ParityRow("test_attribution.test_integrated_gradients_path", "IntegratedGradientsTests.path"),
    ParityRow("test_attribution.test_occlusion_disjunct", "OcclusionTests.disjunct"),
    ParityRow("test_attribution.test_occlusion_single", "OcclusionTests.single"),
    ParityRow("test_attribution.test_occlusion_stride_window_typecheck", "AttributorTests.errors"),
  ]

  static let image = [
    ParityRow("test_image.test_get_cmap", "ColorMapParserTests.library", "ColorMapTests.builtInPalette"),
    ParityRow("test_image.test_palette", "ColorMapTests.builtInPalette"),
    ParityRow("test_image.test_imgify_wrong_dim", "ImgifyTests.wrongShape"),
    ParityRow("test_image.test_imgify_grid_wrong_dim", "ImgifyTests.wrongBatch"),
    ParityRow(
      "test_image.test_imgify_grid_bad_grid", "GridifyTests.wrongGrid",
      remark: "the compiler refuses other shapes of grids"),
    ParityRow("test_image.test_imgify_wrong_channels", "ImgifyTests.wrongShape", "ImgifyTests.wrongBatch"),
    ParityRow("test_image.test_imgify_container", "ImgifyTests.container", "ImgifyTests.golden"),
    ParityRow("test_image.test_imgify_normalization", "ImgifyTests.normalization", "ImgifyTests.golden"),
    ParityRow("test_image.test_gridify_wrong_dim", "GridifyTests.wrongShape"),
    ParityRow("test_image.test_gridify_wrong_channels", "GridifyTests.wrongShape"),
    ParityRow("test_image.test_gridify_shape", "GridifyTests.shape"),
    ParityRow("test_image.test_gridify_fill", "GridifyTests.fill"),
    ParityRow("test_image.test_imsave_container", "PNGEncoderTests.imsaveFile", "PNGEncoderTests.container"),
    ParityRow(
      "test_image.test_interval_norm_bounds", "IntervalNormalizationTests.table", "IntervalNormalizationTests.bounds"),
  ]

  static let colorMaps =
    [
      ParityRow("test_cmap.test_color_map_wrong_syntax", "ColorMapTests.syntax", "ColorMapTests.wrongSource"),
      ParityRow("test_cmap.test_color_map_nodes_call", "ColorMapTests.nodes"),
      ParityRow("test_cmap.test_color_map_nodes_palette", "ColorMapTests.nodes"),
      ParityRow("test_cmap.test_color_map_full_call", "ColorMapTests.interpolated"),
      ParityRow("test_cmap.test_color_map_full_palette", "ColorMapTests.interpolated"),
      ParityRow(
        "test_cmap.test_color_map_reassign_source_palette", "ColorMapTests.interpolated", remark: "maps are values"),
      ParityRow("test_cmap.test_color_map_source_property", "ColorMapTests.nodes"),
    ]
    + [
      "missing", "get_item_uncompiled", "get_item_cached", "set_item_existing", "set_item_new", "set_item_compiled",
      "del_item_uncompiled", "del_item_compiled", "iter", "len",
    ].map {
      ParityRow(
        "test_cmap.TestLazyColorMapCache.test_\($0)", OwnTest(stringLiteral: "ColorMapLibraryTests.\($0.camelCased)"))
    }

  static let torchvision = [
    ParityRow("test_torchvision.test_vgg_canonizer", "TorchvisionCanonizerTests.merges"),
    ParityRow(
      "test_torchvision.test_resnet_canonizer", "TorchvisionCanonizerTests.merges", "PresetAssignmentTests.sums"),
  ]
}

extension String {
  /// `get_item_cached` as `getItemCached`.
  fileprivate var camelCased: String {
    let words = split(separator: "_")
    return (words.first.map(String.init) ?? "") + words.dropFirst().map(\.capitalized).joined()
  }
}
