import Foundation

/// Antialiased resizing of 8-bit pictures, equal to Pillow's to the last bit.
///
/// Each output pixel is a weighted mean of the input pixels under the filter, which is widened by the factor of
/// reduction. Rows are resized first, then columns, with 22-bit fixed-point weights and rounding to 8 bits after each
/// pass, as in Pillow's `Image.resize`. Only the pixels of a window are computed, so that a picture of absurd
/// proportions costs no more than another.
public enum ResizeFilter: String, Sendable, Hashable, CaseIterable {
  /// A triangle.
  case bilinear
  /// Keys' cubic convolution with a = −1/2 (Keys, "Cubic convolution interpolation for digital image processing", 1981).
  case bicubic

  /// Half the width of the filter when nothing is reduced.
  var support: Double {
    switch self {
    case .bilinear: 1
    case .bicubic: 2
    }
  }

  func callAsFunction(_ distance: Double) -> Double {
    let x = abs(distance)
    switch self {
    case .bilinear:
      return x < 1 ? 1 - x : 0
    case .bicubic:
      let a = -0.5
      if x < 1 { return ((a + 2) * x - (a + 3)) * x * x + 1 }
      return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0
    }
  }
}

/// The weights of one output position: which input positions, and how much of each in units of 2⁻²².
private struct Taps {
  static let precision = 22
  var first: Int
  var weights: [Int32]

  init(position: Int, from inputSize: Int, to outputSize: Int, filter: ResizeFilter) {
    let scale = Double(inputSize) / Double(outputSize)
    let widening = max(scale, 1)
    let support = filter.support * widening
    let center = (Double(position) + 0.5) * scale
    first = max(0, Int(center - support + 0.5))
    let end = min(inputSize, Int(center + support + 0.5))
    let start = first
    let values = (start..<max(start, end)).map { filter((Double($0) - center + 0.5) / widening) }
    let sum = values.reduce(0, +)
    weights = values.map { value in
      let scaled = (sum == 0 ? value : value / sum) * Double(1 << Self.precision)
      return Int32(scaled < 0 ? scaled - 0.5 : scaled + 0.5)
    }
  }
}

/// An 8-bit picture with interleaved channels.
struct Raster {
  var width: Int
  var height: Int
  var channels: Int
  var bytes: [UInt8]

  /// The window `columns × rows` of this picture resized to `width × height`.
  func resized(width: Int, height: Int, columns: Range<Int>, rows: Range<Int>, filter: ResizeFilter) -> Raster {
    let across =
      width == self.width
      ? nil : columns.map { Taps(position: $0, from: self.width, to: width, filter: filter) }
    let down =
      height == self.height
      ? nil : rows.map { Taps(position: $0, from: self.height, to: height, filter: filter) }
    // Only the rows that the second pass reads.
    var read = rows
    if let down {
      let first = down.map(\.first).min() ?? 0
      read = first..<max(first, down.map { $0.first + $0.weights.count }.max() ?? first)
    }
    let half = resizedRows(across, columns: columns, rows: read)
    return down.map { half.resizedColumns($0, origin: read.lowerBound) } ?? half
  }

  private func resizedRows(_ taps: [Taps]?, columns: Range<Int>, rows: Range<Int>) -> Raster {
    var result = [UInt8](repeating: 0, count: rows.count * columns.count * channels)
    var target = 0
    for row in rows {
      let line = row * width * channels
      guard let taps else {
        let count = columns.count * channels
        let start = line + columns.lowerBound * channels
        result.replaceSubrange(target..<target + count, with: bytes[start..<start + count])
        target += count
        continue
      }
      for tap in taps {
        for channel in 0..<channels {
          var sum: Int32 = 1 << Int32(Taps.precision - 1)
          var source = line + tap.first * channels + channel
          for weight in tap.weights {
            sum &+= weight &* Int32(bytes[source])
            source += channels
          }
          result[target] = Self.clipped(sum)
          target += 1
        }
      }
    }
    return Raster(width: columns.count, height: rows.count, channels: channels, bytes: result)
  }

  /// - Parameter origin: the row of the original picture that is this one's first.
  private func resizedColumns(_ taps: [Taps], origin: Int) -> Raster {
    let line = width * channels
    var result = [UInt8](repeating: 0, count: taps.count * line)
    for (row, tap) in taps.enumerated() {
      for column in 0..<line {
        var sum: Int32 = 1 << Int32(Taps.precision - 1)
        var source = (tap.first - origin) * line + column
        for weight in tap.weights {
          sum &+= weight &* Int32(bytes[source])
          source += line
        }
        result[row * line + column] = Self.clipped(sum)
      }
    }
    return Raster(width: width, height: taps.count, channels: channels, bytes: result)
  }

  private static func clipped(_ sum: Int32) -> UInt8 { UInt8(clamping: sum >> Int32(Taps.precision)) }

  /// Luma of an RGB picture, in Pillow's fixed-point arithmetic (ITU-R 601).
  func grey() -> Raster {
    var result = [UInt8](repeating: 0, count: width * height)
    for index in result.indices {
      let (red, green, blue) = (Int(bytes[3 * index]), Int(bytes[3 * index + 1]), Int(bytes[3 * index + 2]))
      result[index] = UInt8(clamping: (red * 19595 + green * 38470 + blue * 7471 + 0x8000) >> 16)
    }
    return Raster(width: width, height: height, channels: 1, bytes: result)
  }
}
