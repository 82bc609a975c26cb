import NeuralNetwork
import Testing

struct SpellingTests {
  private static let candidates = [
    "epsilon_plus", "epsilon_plus_flat", "epsilon_gamma_box", "excitation_backprop", "vgg16", "vgg19", "jay",
    "tiger cat", "Egyptian cat", "espresso",
  ]

  /// A name of a megabyte among a thousand layers took minutes.
  @Test func longWordsHaveNoSuggestion() {
    let word = String(repeating: "a", count: 1_000_000)
    let candidates = (0..<1000).map { "layer\($0).conv" }
    let began = ContinuousClock.now
    #expect(Spelling.nearest(to: word, among: candidates) == nil)
    #expect(Spelling.nearest(to: "layer7.conw", among: [word] + candidates) == "layer7.conv")
    #expect(ContinuousClock.now - began < .seconds(20))
  }

  @Test(
    arguments: [
      ("epsilon_gama", "epsilon_gamma_box"), ("epsilon_pluss", "epsilon_plus"), ("epsilon", "epsilon_plus"),
      ("exitation", "excitation_backprop"), ("vgg99", "vgg19"), ("kat", "tiger cat"), ("egiptian", "Egyptian cat"),
      ("expresso", "espresso"), ("jai", "jay"), ("ajy", "jay"), ("vgg", "vgg16"), ("zebra", nil), ("", nil), ("x", nil),
      ("dog", nil),
    ] as [(String, String?)])
  func findsWhatWasMeant(_ word: String, _ expected: String?) {
    #expect(Spelling.nearest(to: word, among: Self.candidates) == expected)
  }
}
