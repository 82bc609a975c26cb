/// A pretrained network of timm's, the PyTorch Image Models, whose architecture is one of torchvision's:
/// `resnet50.a1_in1k`. The network and its parameters' names are the architecture's; the card has the preprocessing that
/// these parameters were made for.
struct TimmModel: Architecture {
  private let base: any Architecture
  let name: String
  let summary: String
  let card: CardTemplate

  var classifier: String { base.classifier }
  var unusedModules: [String] { base.unusedModules }
  func publishedNames(_ parameter: String) -> [String] { base.publishedNames(parameter) }
  func build(_ model: inout ModelBuilder, classes: Int) throws { try base.build(&model, classes: classes) }

  /// The network that timm, or the model hub of Hugging Face, calls `name`; `nil` if it is none of these.
  init?(_ name: String) {
    let name = Self.withoutHub(name)
    guard let dot = name.firstIndex(of: "."), let facts = Self.table[name],
      let base = Architectures.all.first(where: { $0.name == name[..<dot] })
    else { return nil }
    self.base = base
    self.name = name
    summary = "\(base.summary), timm's \(name[name.index(after: dot)...])"
    var card = base.card
    let usual = base.card.preprocessing
    card.side = facts.side
    card.classes = facts.classes
    card.preprocessing = Preprocessing(
      color: usual.color, resize: facts.resize, filter: facts.filter, crop: facts.side,
      mean: facts.isCentered ? [0.5, 0.5, 0.5] : [0.485, 0.456, 0.406],
      deviation: facts.isCentered ? [0.5, 0.5, 0.5] : [0.229, 0.224, 0.225])
    self.card = card
  }

  /// Names of pretrained networks of the architecture that `name` names before its dot.
  static func names(like name: String) -> [String] {
    let name = withoutHub(name)
    guard let dot = name.firstIndex(of: ".") else { return [] }
    return table.keys.filter { $0.hasPrefix(name[...dot]) }.sorted()
  }

  private static func withoutHub(_ name: String) -> String {
    for hub in ["hf_hub:timm/", "hf-hub:timm/", "timm/"] where name.hasPrefix(hub) {
      return String(name.dropFirst(hub.count))
    }
    return name
  }

  /// How pictures are prepared.
  private struct Facts {
    /// Side of the input, in pixels.
    var side: Int
    /// The part of the shortest side that is kept.
    var kept: Double
    var filter = ResizeFilter.bicubic
    /// Whether mean and deviation are 0.5; ImageNet's otherwise.
    var isCentered = false
    var classes = 1000

    var resize: Int { Int(Double(side) / kept) }
  }

  private static let table: [String: Facts] = {
    var table: [String: Facts] = [:]
    for (facts, text) in groups {
      for line in text.split(separator: "\n") {
        let words = line.split(separator: " ")
        for tag in words.dropFirst() { table["\(words[0]).\(tag)"] = facts }
      }
    }
    return table
  }()

  /// `input_size`, `crop_pct`, `interpolation`, `mean` and `num_classes` of timm 1.0.31, as
  /// `timm.get_pretrained_cfg(name)` has them. Left out is what has no classes, is cut otherwise than at the centre, or
  /// has another epsilon than torchvision's network.
  private static let groups: [(Facts, String)] = [
    (
      Facts(side: 160, kept: 0.95),
      """
      resnet18 a3_in1k
      resnet34 a3_in1k
      resnet50 a3_in1k
      resnet101 a3_in1k
      resnet152 a3_in1k
      resnext50_32x4d a3_in1k
      """
    ),
    (
      Facts(side: 176, kept: 0.875, filter: .bilinear),
      """
      resnet50 tv2_in1k
      resnet101 tv2_in1k
      resnet152 tv2_in1k
      resnext50_32x4d tv2_in1k
      resnext101_32x8d tv2_in1k
      wide_resnet50_2 tv2_in1k
      wide_resnet101_2 tv2_in1k
      """
    ),
    (Facts(side: 176, kept: 0.9), "resnet50 a1h_in1k"),
    (
      Facts(side: 224, kept: 0.875),
      """
      resnet18 gluon_in1k
      resnet34 bt_in1k gluon_in1k
      resnet50 am_in1k bt_in1k gluon_in1k ra_in1k ram_in1k
      resnet101 gluon_in1k
      resnet152 gluon_in1k
      resnext50_32x4d gluon_in1k ra_in1k
      resnext101_64x4d gluon_in1k
      wide_resnet50_2 racm_in1k
      densenet121 ra_in1k tv_in1k
      densenet161 tv_in1k
      densenet169 tv_in1k
      densenet201 tv_in1k
      convnext_tiny fb_in1k fb_in22k_ft_in1k
      convnext_small fb_in1k fb_in22k_ft_in1k
      convnext_base fb_in1k fb_in22k_ft_in1k
      convnext_large fb_in1k fb_in22k_ft_in1k
      """
    ),
    (
      Facts(side: 224, kept: 0.875, classes: 21841),
      """
      convnext_tiny fb_in22k
      convnext_small fb_in22k
      convnext_base fb_in22k
      convnext_large fb_in22k
      """
    ),
    (
      Facts(side: 224, kept: 0.875, filter: .bilinear),
      """
      resnet18 fb_ssl_yfcc100m_ft_in1k fb_swsl_ig1b_ft_in1k tv_in1k
      resnet34 tv_in1k
      resnet50 fb_ssl_yfcc100m_ft_in1k fb_swsl_ig1b_ft_in1k tv_in1k
      resnet101 tv_in1k
      resnet152 tv_in1k
      resnext50_32x4d fb_ssl_yfcc100m_ft_in1k fb_swsl_ig1b_ft_in1k tv_in1k
      resnext101_32x8d fb_ssl_yfcc100m_ft_in1k fb_swsl_ig1b_ft_in1k fb_wsl_ig1b_ft_in1k tv_in1k
      resnext101_64x4d tv_in1k
      wide_resnet50_2 tv_in1k
      wide_resnet101_2 tv_in1k
      vgg11 tv_in1k
      vgg11_bn tv_in1k
      vgg13 tv_in1k
      vgg13_bn tv_in1k
      vgg16 tv_in1k
      vgg16_bn tv_in1k
      vgg19 tv_in1k
      vgg19_bn tv_in1k
      """
    ),
    (Facts(side: 224, kept: 0.9, isCentered: true), "resnet34 ra4_e3600_r224_in1k"),
    (
      Facts(side: 224, kept: 0.95),
      """
      resnet18 a1_in1k a2_in1k
      resnet34 a1_in1k a2_in1k
      resnet50 a1_in1k a2_in1k b1k_in1k b2k_in1k c1_in1k c2_in1k d_in1k
      resnet101 a1_in1k a1h_in1k a2_in1k
      resnet152 a1_in1k a1h_in1k a2_in1k
      resnext50_32x4d a1_in1k a1h_in1k a2_in1k
      resnext101_64x4d c1_in1k
      convnext_tiny in12k_ft_in1k
      convnext_small in12k_ft_in1k
      """
    ),
    (Facts(side: 224, kept: 0.95, classes: 11821), "convnext_tiny in12k\nconvnext_small in12k"),
    (Facts(side: 299, kept: 0.875, isCentered: true), "inception_v3 tf_adv_in1k tf_in1k tv_in1k"),
    (Facts(side: 299, kept: 0.875), "inception_v3 gluon_in1k"),
  ]
}
