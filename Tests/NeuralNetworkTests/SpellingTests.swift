import NeuralNetwork
import Testing

struct SpellingTests {
  private static let candidates = [
    "epsilon_plus", "epsilon_plus_flat", "epsilon_gamma_box", "excitation_backprop", "vgg16", "vgg19", "jay",
    "tiger cat", "Egyptian cat", "espresso",
  ]

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
