import NeuralNetwork

extension [LayerMapEntry] {
  /// What all LRP presets share: relevance passes activations and batch norms, sums and average pools share it.
  public static func base(stabilizer: Stabilizer = 1e-6) -> [LayerMapEntry] {
    [
      LayerMapEntry(.activation, Pass()),
      LayerMapEntry([.sum, .gatedProduct, .gatedRecurrence], Norm(stabilizer: stabilizer)),
      LayerMapEntry(.avgPool, Norm(stabilizer: stabilizer)),
      LayerMapEntry(.batchNorm, Pass()),
    ]
  }
}
