import FileSystem
import Foundation
import Testing

extension MappedFileTests {
  @Test func retiredBytesLeaveTheMemoryAndReadTheSame() throws {
    let path = NSTemporaryDirectory() + "lrp-mapped-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let count = 1 << 20
    try Data((0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7) }).write(to: URL(fileURLWithPath: path))
    let file = try MappedFile(path: path)
    func sum() -> Int { file.bytes.reduce(0) { $0 + Int($1) } }
    func residentBytes() throws -> Int {
      let maps = try FileHandle(forReadingFrom: URL(fileURLWithPath: "/proc/self/smaps")).readToEnd() ?? Data()
      let lines = String(decoding: maps, as: UTF8.self).split(separator: "\n")
      guard let head = lines.firstIndex(where: { $0.hasSuffix(path) }),
        let line = lines[head...].first(where: { $0.hasPrefix("Rss:") })
      else { return -1 }
      return 1024 * (Int(line.split(separator: " ")[1]) ?? -1)
    }
    let before = sum()
    #expect(try residentBytes() == count)
    // All but the page at each end, which other tensors may share.
    file.retire(try file.slice(at: 10, byteCount: count - 20))
    let left = try residentBytes()
    #expect(left > 0 && left <= 1 << 16, "\(left)")
    #expect(sum() == before)
    // What is not the file's is left alone.
    let other = [UInt8](repeating: 3, count: 1 << 16)
    other.withUnsafeBytes { file.retire($0) }
    file.retire(UnsafeRawBufferPointer(start: nil, count: 0))
    #expect(other.allSatisfy { $0 == 3 })
  }
}
