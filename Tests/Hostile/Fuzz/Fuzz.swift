import Foundation
import HostileFormats

// libFuzzer's way to the formats of `lrp-hostile`: `FORMAT=onnx lrp-fuzz FOLDER [options of libFuzzer]`. It has a main of
// its own, which calls the functions below; it starts itself again for some options, with the same environment. The
// folder holds inputs each of which reaches code that no other reaches.

/// One for all inputs; libFuzzer calls from one thread.
nonisolated(unsafe) private var trial: Trial?

@_cdecl("LLVMFuzzerInitialize")
public func initialize(_ count: UnsafeMutableRawPointer, _ arguments: UnsafeMutableRawPointer) -> Int32 {
  do {
    let format = try HostileFormat.named(ProcessInfo.processInfo.environment["FORMAT"] ?? "")
    if let folder = CommandLine.arguments.dropFirst().first(where: { !$0.hasPrefix("-") }) {
      try seed(folder, format)
    }
    trial = try Trial(format)
  } catch {
    FileHandle.standardError.write(Data("lrp-fuzz: \(error); FORMAT is the one to read\n".utf8))
    exit(2)
  }
  return 0
}

/// Damaged files to begin with, where the folder is new. Large ones are left out: of them only a few could be read.
private func seed(_ folder: String, _ format: HostileFormat) throws {
  guard !FileManager.default.fileExists(atPath: folder) else { return }
  try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  var random = Random(seed: 1)
  for number in 0..<1000 {
    let bytes = try format.damaged(&random)
    guard bytes.count <= 1 << 15 || number < 10 else { continue }
    try Data(bytes).write(to: URL(fileURLWithPath: "\(folder)/\(number)"))
  }
}

@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
  do {
    if let problem = try trial?.read(Array(UnsafeBufferPointer(start: start, count: count))) { fatalError(problem) }
  } catch {
    fatalError("\(error)")
  }
  return 0
}

/// Changes an input: its bytes, as libFuzzer does, or its structure, as `lrp-hostile` does; now and then it is a new one.
@_cdecl("LLVMFuzzerCustomMutator")
public func mutate(_ data: UnsafeMutablePointer<UInt8>, _ size: Int, _ limit: Int, _ seed: UInt32) -> Int {
  var random = Random(seed: UInt64(seed))
  guard random.once(in: 2), let format = trial?.format else { return mutateBytes(data, size, limit) }
  let old = Array(UnsafeBufferPointer(start: data, count: size))
  let new = random.once(in: 16) ? try? format.damaged(&random) : try? format.damagedAgain?(old, &random)
  guard let new, !new.isEmpty, new.count <= limit else { return mutateBytes(data, size, limit) }
  data.update(from: new, count: new.count)
  return new.count
}

@_silgen_name("LLVMFuzzerMutate")
private func mutateBytes(_ data: UnsafeMutablePointer<UInt8>, _ size: Int, _ limit: Int) -> Int
