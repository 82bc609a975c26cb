import Foundation
import Tensors
import Testing

/// Control groups are read from files as Linux has them; what `ulimit` does is for `MemoryLimitTests`.
struct MemoryRoomTests {
  let root: String

  init() throws {
    root = NSTemporaryDirectory() + "lrp-groups-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
  }

  private func write(_ files: [String: String]) throws {
    for (path, text) in files {
      let url = URL(fileURLWithPath: root + path)
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data((text + "\n").utf8).write(to: url)
    }
  }

  private func rooms() throws -> [MemoryRoom] {
    defer { try? FileManager.default.removeItem(atPath: root) }
    return ControlGroup.all(root: root).compactMap(\.room)
  }

  /// The group's own limit, and that of one around it.
  @Test func version2() throws {
    try write([
      "/proc/self/cgroup": "0::/user.slice/job", "/sys/fs/cgroup/user.slice/job/memory.max": "1000000",
      "/sys/fs/cgroup/user.slice/job/memory.current": "700000",
      "/sys/fs/cgroup/user.slice/job/memory.stat": "anon 500000\nfile 200000\ninactive_file 150000\nactive_file 50000",
      "/sys/fs/cgroup/user.slice/memory.max": "max", "/sys/fs/cgroup/user.slice/memory.current": "900000",
      "/sys/fs/cgroup/memory.max": "3000000", "/sys/fs/cgroup/memory.current": "2900000",
    ])
    #expect(
      try rooms() == [
        MemoryRoom(source: "the control group", allowed: 1_000_000, left: 450_000),
        MemoryRoom(source: "the control group", allowed: 3_000_000, left: 100_000),
      ])
  }

  /// With version 1's names; without a limit it has a number beyond all memory.
  @Test func version1() throws {
    try write([
      "/proc/self/cgroup": "9:name=systemd:/\n4:cpu,memory:/docker/abc\n0::/",
      "/sys/fs/cgroup/memory/docker/abc/memory.limit_in_bytes": "9223372036854771712",
      "/sys/fs/cgroup/memory/docker/abc/memory.usage_in_bytes": "5",
      "/sys/fs/cgroup/memory/memory.limit_in_bytes": "2000", "/sys/fs/cgroup/memory/memory.usage_in_bytes": "1900",
      "/sys/fs/cgroup/memory/memory.stat": "cache 1\ninactive_file 7\ntotal_inactive_file 400",
    ])
    #expect(try rooms() == [MemoryRoom(source: "the control group", allowed: 2000, left: 500)])
  }

  /// In a container the path is that of the machine outside, and its folder is not there.
  @Test func container() throws {
    try write([
      "/proc/self/cgroup": "0::/kubepods/pod1/c", "/sys/fs/cgroup/memory.max": "2000",
      "/sys/fs/cgroup/memory.current": "500",
    ])
    #expect(try rooms() == [MemoryRoom(source: "the control group", allowed: 2000, left: 1500)])
  }

  @Test(arguments: ["", "nonsense", "0:", "::::", "0::/a\u{0}b"]) func otherContents(_ text: String) throws {
    try write(["/proc/self/cgroup": text, "/sys/fs/cgroup/memory.max": "99999999999999999999"])
    #expect(try rooms().isEmpty)
  }

  @Test func messages() {
    let room = MemoryRoom(source: "'ulimit -v'", allowed: 300_000_000, left: 40_400_000)
    let error = MemoryError(what: "vgg16 with 8 samples at a time", needed: 1_234_000_000, room: room)
    #expect(
      error.description
        == "vgg16 with 8 samples at a time needs about 1234 MB, but of the 300 MB that 'ulimit -v' allows 41 MB are left;"
        + " a smaller batch (--batch-size) or picture, another attributor or a higher limit helps")
  }
}
