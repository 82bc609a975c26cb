import Foundation
import TerminalTesting
import Testing

extension Journeys {
  /// What cannot be used is named in one message: before the screen is touched, or in the explorer, which stays up.
  @Suite struct BadInput {
    @Test func nothingIsDrawnWhenTheCommandLineNamesWhatCannotBeUsed() throws {
      let sandbox = try Sandbox()
      let model = ["--model", "fashion_vgg"]
      try sandbox.write("no picture", to: "text.png")
      try Self.arrayWithNaN.write(to: URL(fileURLWithPath: sandbox.file("nan.npy")))
      try Data(contentsOf: URL(fileURLWithPath: Sandbox.assets + "/models/fashion_vgg.safetensors")).prefix(5000)
        .write(to: URL(fileURLWithPath: sandbox.file("cut.safetensors")))
      try sandbox.write(
        "version: 1\nname_map:\n  - names: [no.such.layer]\n    rule: Gamma\n", to: "unknown.yaml")
      let cases: [(arguments: [String], expected: [String])] = [
        (model + ["--input", "text.png"], ["text.png", "picture"]),
        (model + ["--input", "missing.png"], ["missing.png", "no such file"]),
        (model + ["--input", "nan.npy"], ["nan.npy", "NaN"]),
        (model + ["--weights", "missing.safetensors"], ["missing.safetensors", "no such file"]),
        (model + ["--weights", "cut.safetensors"], ["cut.safetensors", "expected"]),
        (model + ["--composite", "unknown.yaml"], ["unknown.yaml", "no.such.layer"]),
        (["--model", "fashion_vg"], ["fashion_vg", "did you mean 'fashion_vgg'"]),
      ]
      for (arguments, expected) in cases {
        let journey = try Journey(arguments, in: sandbox)
        #expect(try journey.waitForExit() == 1, "\(arguments)")
        let text = try journey.terminal.history()
        // tmux breaks lines anywhere.
        let joined = text.replacing("\n", with: "")
        #expect(expected.allSatisfy { joined.contains($0) }, "\(arguments): \(text)")
        #expect(text.hasPrefix("Error: "), "nothing else was written: \(text)")
      }
    }

    @Test func theExplorerStaysUpAndSaysWhatIsWrong() throws {
      let journey = try Journey()
      let image = try #require(try journey.waitForHeatmap().image)
      try journey.sandbox.write(
        "version: 1\nname_map:\n  - names: [no.such.layer]\n    rule: Gamma\n", to: "unknown.yaml")
      try journey.sandbox.write("{ [", to: "broken.yaml")
      for (name, expected) in [
        ("unknown.yaml", "no.such.layer"), ("broken.yaml", "broken.yaml"), ("missing.yaml", "no such file"),
      ] {
        try open(name, journey)
        try journey.wait(for: "✗", expected)
        try journey.press("Escape")
        try journey.wait("the message is gone") { $0.line(39).contains("? help") }
      }
      try journey.press("s")
      try journey.wait(for: "Save the composite")
      try journey.press("C-u")
      try journey.type("no/such/folder/c.yaml")
      try journey.press("Enter")
      try journey.wait(for: "not written: no/such/folder/c.yaml")
      #expect(journey.sandbox.names(in: "no") == [])
      let screen = try journey.waitForHeatmap()
      #expect(screen.image == image)
      try journey.press("Escape")
      try journey.wait("the message is gone") { $0.line(39).contains("? help") }
      try journey.press("q")
      #expect(try journey.waitForExit() == 0)
    }

    @Test func aCorruptModelLeavesTheListOfModels() throws {
      let sandbox = try Sandbox()
      // Assets with one model that is cut off.
      let assets = sandbox.file("assets")
      try FileManager.default.createDirectory(atPath: assets + "/models", withIntermediateDirectories: true)
      for name in ["images", "labels"] {
        try FileManager.default.createSymbolicLink(
          atPath: assets + "/" + name, withDestinationPath: Sandbox.assets + "/" + name)
      }
      try FileManager.default.createSymbolicLink(
        atPath: assets + "/models/fashion_mlp.safetensors",
        withDestinationPath: Sandbox.assets + "/models/fashion_mlp.safetensors")
      try sandbox.write("no weights at all", to: "assets/models/fashion_vgg.safetensors")
      let journey = try Journey(environment: ["LRP_ASSETS": assets], in: sandbox)
      try journey.wait(for: "fashion_vgg.safetensors", "fashion_mlp")
      // Another model can be opened right there.
      try journey.type("fashion_mlp")
      try journey.press("Enter")
      let screen = try journey.waitForHeatmap()
      #expect(screen.line(0).contains("fashion_mlp"))
    }

    private func open(_ name: String, _ journey: Journey) throws {
      try journey.press("O")
      try journey.wait(for: "Open a composite")
      try journey.press("C-u")
      try journey.type(name)
      try journey.press("Enter")
    }

    /// (1, 28, 28) in float32, the first value NaN.
    private static var arrayWithNaN: Data {
      var header = "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 28, 28), }"
      header += String(repeating: " ", count: 117 - header.utf8.count) + "\n"
      var data = Data([0x93]) + Data("NUMPY".utf8) + Data([1, 0, 118, 0]) + Data(header.utf8)
      var values = [Float](repeating: 0.5, count: 784)
      values[0] = .nan
      values.withUnsafeBytes { data.append(contentsOf: $0) }
      return data
    }
  }
}
