// swift-tools-version: 6.1
import PackageDescription

// The arrows of the module graph only ever point up this list; see CONTRIBUTING.md.
let package = Package(
  name: "lrp",
  products: [
    .executable(name: "lrp", targets: ["lrp"]),
    .library(
      name: "LRPKit",
      targets: ["Tensors", "Compute", "NeuralNetwork", "ModelFormats", "ModelZoo", "LRP", "CompositeFiles", "Heatmaps"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    // Traits become compiler options, of several in an order that SwiftPM draws anew whenever it plans a build (in another
    // terminal, say); then everything that depends on them would be compiled again. None of them is needed here.
    .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0", traits: []),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.0"),
  ],
  targets: [
    .systemLibrary(name: "COneDNN", providers: [.apt(["libdnnl-dev"])]),
    .systemLibrary(name: "CNcurses", providers: [.apt(["libncurses-dev"])]),
    .systemLibrary(name: "CImageCodecs", providers: [.apt(["libpng-dev", "libturbojpeg0-dev", "libwebp-dev"])]),
    .systemLibrary(name: "CCairo", providers: [.apt(["libcairo2-dev"])]),
    .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])]),
    .target(name: "CKernels"),
    .target(name: "FileSystem"),
    .target(name: "Tensors"),
    .target(name: "Compute", dependencies: ["Tensors", "CKernels", "COneDNN"]),
    .target(name: "NeuralNetwork", dependencies: ["Compute"]),
    .target(
      name: "ONNXProto", dependencies: [.product(name: "SwiftProtobuf", package: "swift-protobuf")],
      exclude: ["README.md", "onnx.proto"]),
    .target(name: "ModelFormats", dependencies: ["NeuralNetwork", "FileSystem", "ONNXProto", "CZlib"]),
    .target(
      name: "YAMLFiles", dependencies: ["NeuralNetwork", "FileSystem", .product(name: "Yams", package: "Yams")]),
    .target(name: "ModelZoo", dependencies: ["ModelFormats", "YAMLFiles", "FileSystem"]),
    .target(name: "LRP", dependencies: ["NeuralNetwork", "CKernels"]),
    .target(
      name: "CompositeFiles", dependencies: ["LRP", "FileSystem", "YAMLFiles", .product(name: "Yams", package: "Yams")]),
    .target(name: "Heatmaps", dependencies: ["Tensors", "FileSystem", "CImageCodecs"]),
    .target(name: "TerminalUI"),
    .target(name: "Figures", dependencies: ["Heatmaps", "LRP", "TerminalUI", "FileSystem", "CCairo"]),
    .target(name: "CursesTerminal", dependencies: ["TerminalUI", "CNcurses"]),
    // For tests only: a terminal to run programs in, and recordings of screens.
    .target(name: "TerminalTesting", dependencies: ["TerminalUI"]),
    .target(
      name: "Explorer",
      dependencies: ["TerminalUI", "LRP", "Heatmaps", "CompositeFiles", "YAMLFiles", "FileSystem"]),
    .target(
      name: "ProgramFiles", dependencies: ["TerminalUI", "Heatmaps", "LRP", "ModelZoo", "YAMLFiles", "FileSystem"]),
    .executableTarget(
      name: "lrp",
      dependencies: [
        "CompositeFiles", "CursesTerminal", "Explorer", "Figures", "FileSystem", "Heatmaps", "LRP", "ModelFormats",
        "ModelZoo", "ProgramFiles", "YAMLFiles",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    .executableTarget(
      name: "lrp-benchmark",
      dependencies: [
        "Explorer", "Figures", "Heatmaps", "LRP", "ModelFormats", "ModelZoo", "TerminalTesting", "TerminalUI",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      path: "Tests/Benchmarks", exclude: ["Instructions/thresholds.json", "Measure/reference.py"]),
    // Reads damaged files in a process of its own, whose memory and time are measured.
    .target(name: "AllocationCounter", path: "Tests/AllocationCounter"),
    .target(
      name: "HostileFormats",
      dependencies: [
        "AllocationCounter", "CompositeFiles", "Explorer", "FileSystem", "Heatmaps", "LRP", "ModelFormats", "ModelZoo",
        "ONNXProto", "ProgramFiles", "Tensors",
      ],
      path: "Tests/Hostile/Formats"),
    .executableTarget(
      name: "lrp-hostile",
      dependencies: ["HostileFormats", .product(name: "ArgumentParser", package: "swift-argument-parser")],
      path: "Tests/Hostile/Program"),
    .testTarget(name: "HostileTests", dependencies: ["lrp-hostile", "TerminalTesting"]),
    .testTarget(name: "ProgramFilesTests", dependencies: ["ProgramFiles", "FileSystem"]),
    .testTarget(name: "FileSystemTests", dependencies: ["FileSystem"]),
    .testTarget(name: "TensorsTests", dependencies: ["Tensors"]),
    // For tests of the next two: numbers drawn at random, and comparisons with loops in double.
    .target(name: "NumericTesting", dependencies: ["Tensors"], path: "Tests/NumericTesting"),
    .testTarget(name: "ComputeTests", dependencies: ["Compute", "NumericTesting"]),
    .testTarget(name: "NeuralNetworkTests", dependencies: ["NeuralNetwork", "NumericTesting"]),
    .testTarget(name: "ModelFormatsTests", dependencies: ["ModelFormats", "NeuralNetwork", "FileSystem", "ONNXProto"]),
    .testTarget(name: "ModelZooTests", dependencies: ["ModelZoo", "Heatmaps", "FileSystem"]),
    .testTarget(name: "LRPTests", dependencies: ["LRP", "ModelZoo", "Heatmaps"]),
    .testTarget(name: "CompositeFilesTests", dependencies: ["CompositeFiles", "ModelZoo"]),
    .testTarget(
      name: "HeatmapsTests", dependencies: ["Heatmaps", "Tensors", "FileSystem"], exclude: ["Fixtures"]),
    .testTarget(
      name: "FiguresTests",
      dependencies: ["Figures", "Heatmaps", "LRP", "NeuralNetwork", "Tensors", "TerminalUI", "FileSystem"]),
    .testTarget(name: "TerminalUITests", dependencies: ["TerminalUI", "TerminalTesting"]),
    .executableTarget(name: "TerminalProbe", dependencies: ["CursesTerminal"], path: "Tests/TerminalProbe"),
    .testTarget(name: "CursesTerminalTests", dependencies: ["CursesTerminal", "TerminalProbe", "TerminalTesting"]),
    .testTarget(
      name: "ExplorerTests", dependencies: ["Explorer", "ModelZoo", "TerminalTesting"], exclude: ["Snapshots"]),
    .testTarget(
      name: "lrpTests",
      dependencies: [
        "lrp", "CompositeFiles", "Heatmaps", "LRP", "ModelFormats", "ModelZoo", "NeuralNetwork", "Tensors",
        "TerminalTesting",
        "TerminalUI",
      ]),
  ],
  swiftLanguageModes: [.v6]
)

// Without `--sanitize fuzzer`, which `make fuzz` gives, there is nothing to link it with.
if Context.environment["LRP_FUZZ"] != nil {
  package.targets.append(
    .executableTarget(name: "lrp-fuzz", dependencies: ["HostileFormats"], path: "Tests/Hostile/Fuzz"))
}
