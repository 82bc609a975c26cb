import Tensors

/// How a picture becomes a model's input: resize, centre crop, normalise.
public struct Preprocessing: Sendable, Hashable {
  public enum Color: String, Sendable, Hashable, CaseIterable {
    /// Three channels: red, green, blue.
    case rgb
    /// Three channels: blue, green, red, as networks from Caffe take them.
    case bgr
    /// One channel: luma.
    case grey

    public var channels: Int { self == .grey ? 1 : 3 }
  }

  public var color: Color
  /// Pixels of the shortest side after resizing; the other side is cut to a whole number, as by torchvision's `Resize`.
  public var resize: Int
  public var filter: ResizeFilter
  /// Side of the central square that is kept, in pixels; at most ``resize``.
  public var crop: Int
  /// Subtracted from each channel, whose values are 0…1.
  public var mean: [Float]
  /// What each channel is divided by afterwards.
  public var deviation: [Float]

  public init(color: Color, resize: Int, filter: ResizeFilter, crop: Int, mean: [Float], deviation: [Float]) {
    precondition(crop > 0 && crop <= resize && mean.count == color.channels && deviation.count == color.channels)
    self.color = color
    self.resize = resize
    self.filter = filter
    self.crop = crop
    self.mean = mean
    self.deviation = deviation
  }

  /// What black becomes in each channel: ZBox's `low`.
  public var low: [Float] { mean.indices.map { (0 - mean[$0]) / deviation[$0] } }
  /// What white becomes in each channel: ZBox's `high`.
  public var high: [Float] { mean.indices.map { (1 - mean[$0]) / deviation[$0] } }

  /// The model's input `(1, C, crop, crop)` for a picture.
  /// - Parameter rgb: red, green and blue of each pixel, row by row: `3 · width · height` bytes.
  /// - Throws: ``ModelZooError/picture(found:expected:)`` if there are no pixels or not as many as there should be.
  public func tensor(rgb: [UInt8], width: Int, height: Int) throws -> Tensor {
    let cropped = try cropped(rgb: rgb, width: width, height: height)
    let channels = color.channels
    let isReversed = color == .bgr
    var result = Tensor(uninitialized: [1, channels, crop, crop])
    // The raster is interleaved, as channels-last storage is.
    result.withUnsafeMutableBufferPointer { target in
      for index in target.indices {
        let channel = index % channels
        let byte = cropped.bytes[isReversed ? index + channels - 1 - 2 * channel : index]
        target[index] = (Float(byte) / 255 - mean[channel]) / deviation[channel]
      }
    }
    return result
  }

  /// The part of a picture that the model sees, `3 · crop · crop` bytes, to be shown beside its relevance.
  public func view(rgb: [UInt8], width: Int, height: Int) throws -> [UInt8] {
    Self.colored(try cropped(rgb: rgb, width: width, height: height))
  }

  /// The picture that an input shows, the inverse of normalisation: values outside black…white are clipped, NaN is
  /// black.
  /// - Returns: RGB bytes, or `nil` if sample 0 has not this many channels.
  public func picture(of input: Tensor) -> (rgb: [UInt8], width: Int, height: Int)? {
    let shape = input.shape
    guard shape.rank == 4, shape.batch > 0, shape.channels == color.channels else { return nil }
    let pixels = input.sample(0).converted(to: .channelsLast).withUnsafeBufferPointer { values in
      values.indices.map { index in
        let place = index % color.channels
        let channel = color == .bgr ? color.channels - 1 - place : place
        let level = (values[index - place + channel] * deviation[channel] + mean[channel]) * 255
        return level >= 0 ? UInt8(min(level.rounded(), 255)) : 0
      }
    }
    let raster = Raster(width: shape[3], height: shape[2], channels: color.channels, bytes: pixels)
    return (Self.colored(raster), shape[3], shape[2])
  }

  private static func colored(_ raster: Raster) -> [UInt8] {
    raster.channels == 3 ? raster.bytes : raster.bytes.flatMap { [$0, $0, $0] }
  }

  private func cropped(rgb: [UInt8], width: Int, height: Int) throws -> Raster {
    guard width > 0, height > 0, width <= 1 << 24, height <= 1 << 24 else {
      throw ModelZooError.picture(found: "\(width)x\(height) pixels", expected: "1 to 16777216 on each side")
    }
    guard rgb.count == 3 * width * height else {
      throw ModelZooError.picture(
        found: "\(rgb.count) bytes for \(width)x\(height) pixels", expected: "\(3 * width * height)")
    }
    var raster = Raster(width: width, height: height, channels: 3, bytes: rgb)
    if color == .grey { raster = raster.grey() }
    let shortest = min(width, height)
    let (newWidth, newHeight) = (resize * width / shortest, resize * height / shortest)
    let (left, top) = (offset(in: newWidth), offset(in: newHeight))
    return raster.resized(
      width: newWidth, height: newHeight, columns: left..<left + crop, rows: top..<top + crop, filter: filter)
  }

  /// Where the crop begins: half of the rest, halves rounded to even as torchvision's `CenterCrop` does.
  private func offset(in size: Int) -> Int { Int((Double(size - crop) / 2).rounded(.toNearestOrEven)) }
}
