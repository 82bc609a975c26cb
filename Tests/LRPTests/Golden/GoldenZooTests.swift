import Testing

extension GoldenTests {
  /// One of each family of torchvision's networks: relevance at the output of every step of their code.
  @Suite(.serialized)
  struct Zoo {
    static let cases = GoldenFiles.cases("zoo_")

    @Test("all families have their cases, and each case its steps")
    func manifests() throws {
      let models = try GoldenFiles.groups("zoo_").map { try GoldenFiles.manifest($0, as: GoldenModel.self) }
      #expect(
        Set(models.map(\.model)) == [
          "alexnet", "convnext_tiny", "densenet121", "efficientnet_b0", "googlenet", "inception_v3", "mnasnet0_5",
          "mobilenet_v2", "mobilenet_v3_small", "shufflenet_v2_x0_5", "squeezenet1_1",
        ])
      for model in models {
        #expect(model.cases.contains { $0.preset == "epsilon_gamma_box" })
        #expect(model.cases.allSatisfy { $0.results.count > 20 && $0.results["input"] != nil })
      }
    }

    @Test("relevance equals the reference's at every step", arguments: cases)
    func relevance(of argument: GoldenCase) throws { try GoldenNetworkRun(argument).check() }
  }
}
