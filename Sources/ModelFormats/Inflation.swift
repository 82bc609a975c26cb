import CZlib

/// Unpacks what zlib's deflate packed, without a header, as members of zip archives are.
///
/// Format: RFC 1951.
enum Inflation {
  /// No byte can stand for more than so many.
  private static let largestRatio = 1032

  /// The first `count` bytes of what is packed in `source`; fewer if there are no more, `nil` if it is damaged or cannot
  /// be that many.
  static func bytes(_ source: UnsafeRawBufferPointer, count: Int) -> [UInt8]? {
    guard count / largestRatio <= source.count else { return nil }
    var stream = z_stream()
    // A negative window says that there is no header.
    guard inflateInit2_(&stream, -MAX_WBITS, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
      return nil
    }
    defer { inflateEnd(&stream) }
    var input = source[...]
    var status = Z_OK
    let result = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      while status == Z_OK, filled < count {
        // Lengths are of 32 bits there.
        let part = UnsafeRawBufferPointer(rebasing: input.prefix(1 << 30))
        let room = min(count - filled, 1 << 30)
        stream.next_in = part.baseAddress.map { UnsafeMutablePointer(mutating: $0.assumingMemoryBound(to: UInt8.self)) }
        stream.avail_in = UInt32(part.count)
        stream.next_out = buffer.baseAddress?.advanced(by: filled)
        stream.avail_out = UInt32(room)
        status = inflate(&stream, Z_NO_FLUSH)
        let (read, written) = (part.count - Int(stream.avail_in), room - Int(stream.avail_out))
        input = input.dropFirst(read)
        filled += written
        // Nothing more comes of what is there.
        if status == Z_OK, read == 0, written == 0 { status = Z_BUF_ERROR }
      }
    }
    return status == Z_OK || status == Z_STREAM_END ? result : nil
  }

  /// The checksum that zip archives keep of a member.
  static func checksum(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
    UInt64(crc32_z(0, bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), bytes.count))
  }
}
