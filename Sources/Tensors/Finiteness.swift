extension Tensor {
  /// Whether no element is infinite or NaN.
  public var isFinite: Bool {
    withUnsafeBufferPointer { buffer in
      // The largest magnitude as an integer; infinity and NaN come after all finite numbers.
      var largest: UInt32 = 0
      for value in buffer { largest = max(largest, value.bitPattern & 0x7fff_ffff) }
      return largest < Float.infinity.bitPattern
    }
  }
}
