import FileSystem
import Foundation
import ModelFormats
import Tensors
import Testing

struct NPYFileTests {
  /// Row-major and channels-last, in both orders of the file, with columns longer than are read at a time.
  @Test(arguments: [[2, 3, 5, 7], [1, 4, 70, 90], [3, 1, 4, 2], [2, 6, 9], [1, 2, 3, 4, 5], [5000, 3], [1]])
  func everyOrder(_ extents: [Int]) throws {
    let folder = try TemporaryFolder()
    let shape = Shape(extents)
    let numbers = (0..<shape.count).map { Float($0 % 251) }
    let text = "(" + extents.map { "\($0)," }.joined(separator: " ") + ")"
    for isFortran in [false, true] {
      // What is at a place in Fortran order: the place of the same element in C order.
      let bytes: [UInt8] = (0..<shape.count).map { place in
        guard isFortran else { return UInt8(numbers[place]) }
        var (rest, index, stride) = (place, 0, shape.count)
        for extent in extents {
          stride /= extent
          index += rest % extent * stride
          rest /= extent
        }
        return UInt8(numbers[index])
      }
      let header = Array(
        "{'descr': '|u1', 'fortran_order': \(isFortran ? "True" : "False"), 'shape': \(text), }\n".utf8)
      let path = try folder.file(Data([0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.count), 0] + header + bytes))
      for layout in [Tensor.Layout.channelsLast, .rowMajor] {
        let tensor = try NPYFile.read(path, layout: layout)
        #expect(tensor.shape == shape && tensor.rowMajorElements() == numbers)
      }
    }
  }

  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func file(_ header: String, data: Int, version: [UInt8] = [1, 0]) throws -> String {
    var bytes = Data([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59] + version)
    let length = header.utf8.count
    bytes.append(contentsOf: [UInt8(length & 255), UInt8(length >> 8)])
    if version[0] > 1 { bytes.append(contentsOf: [0, 0]) }
    bytes.append(Data(header.utf8))
    bytes.append(Data(repeating: 0, count: data))
    return try folder.file(bytes)
  }

  @Test(arguments: [
    "f2_little", "f2_big", "f4_little", "f4_big", "f8_little", "f8_big", "i1_little", "i2_little", "i2_big",
    "i4_little", "i4_big", "i8_little", "i8_big", "u1_little", "u2_little", "u2_big", "u4_little", "u4_big",
    "u8_little", "u8_big", "f4_fortran", "f4_version2", "f4_version3",
  ])
  func readsWhatNumpyWrites(_ name: String) throws {
    let expected = fixtureValues(name.first ?? "f")
    for layout in [Tensor.Layout.channelsLast, .rowMajor] {
      let tensor = try NPYFile.read(fixture(name + ".npy"), layout: layout)
      #expect(tensor.shape == [2, 3, 4, 5] && tensor.layout == layout)
      #expect(tensor.rowMajorElements() == expected)
    }
  }

  @Test func readsScalarsAndTransposedMatrices() throws {
    let scalar = try NPYFile.read(fixture("scalar.npy"))
    #expect(scalar.shape == [] && scalar.rowMajorElements() == [2.5])
    let matrix = try NPYFile.read(fixture("f4_matrix_fortran.npy"))
    #expect(matrix.shape == [4, 5] && matrix.rowMajorElements() == Array(fixtureValues("f").prefix(20)))
  }

  @Test(arguments: [[], [0], [1], [7], [2, 3], [2, 3, 5], [1, 3, 8, 9], [2, 3, 2, 4, 3]] as [[Int]])
  func writesWhatItReads(_ extents: [Int]) throws {
    let shape = Shape(extents)
    let values = (0..<shape.count).map { Float($0) * 1.25 - 3 }
    let path = folder.path + "/r.npy"
    try NPYFile.write(Tensor(shape, rowMajor: values), to: path)
    let tensor = try NPYFile.read(path)
    #expect(tensor.shape == shape && tensor.rowMajorElements() == values)
    let size = try Data(contentsOf: URL(fileURLWithPath: path)).count
    #expect((size - 4 * shape.count) % 64 == 0)
  }

  @Test func doesNotOverwriteUnlessAsked() throws {
    let path = folder.path + "/r.npy"
    try NPYFile.write(Tensor([1], rowMajor: [1]), to: path)
    #expect(throws: FileError.alreadyExists(path: path)) {
      try NPYFile.write(Tensor([1], rowMajor: [2]), to: path, overwriting: false)
    }
    #expect(try NPYFile.read(path).rowMajorElements() == [1])
  }

  @Test(
    arguments: [
      ("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }", 20, "found 20 bytes of data, expected 24"),
      ("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }", 28, "found 28 bytes of data, expected 24"),
      ("{'descr': '<f4', 'fortran_order': False, 'shape': (-2, 3), }", 24, "a whole number from 0"),
      ("{'descr': '<f4', 'fortran_order': False, 'shape': (4611686018427387904, 4), }", 0, "fewer than 2^63"),
      ("{'descr': '<f4', 'fortran_order': False, 'shape': (4611686018427387904,), }", 0, "fewer than 2^63"),
      ("{'descr': '<f4', 'fortran_order': False, 'shape': (0, 4611686018427387904, 4), }", 0, "fewer than 2^63"),
      ("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,), }", 0, "a whole number from 0"),
      ("{'descr': '|O', 'fortran_order': False, 'shape': (2,), }", 8, "Python objects ('|O')"),
      ("{'descr': '<f4', 'fortran_order': Maybe, 'shape': (2,), }", 8, "True or False"),
      ("{'descr': '<f4', 'shape': (2,), }", 8, "without 'descr', 'fortran_order' or 'shape'"),
      ("{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (2,), }", 8, "once each"),
      ("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), } x", 8, "nothing but spaces"),
      ("{'descr': '<f4', 'fortran_order': False, 'shape': (2", 8, "its end"),
      ("{'descr", 8, "a text that ends"),
      ("", 8, "expected '{'"),
      ("{'descr': '<f4', 'fortran_order': False, 'shape': ((((((((((((2,", 8, "a whole number"),
    ] as [(String, Int, String)])
  func hostileHeaders(_ header: String, _ data: Int, _ expected: String) throws {
    for version: [UInt8] in [[1, 0], [2, 0]] {
      let path = try file(header, data: data, version: version)
      let message = try message { _ = try NPYFile.read(path) }
      #expect(message.hasPrefix(path) && message.contains(expected), "\(message)")
    }
  }

  @Test func otherFiles() throws {
    #expect(try message { _ = try NPYFile.read(fixture("complex.npy")) }.contains("complex numbers"))
    #expect(try message { _ = try NPYFile.read(fixture("structured.npy")) }.contains("a structured array"))
    #expect(try message { _ = try NPYFile.read(#filePath) }.contains("no NPY signature"))
    #expect(try message { _ = try NPYFile.read(folder.file(Data())) }.contains("no NPY signature"))
    let long = Data([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 2, 0, 255, 255, 255, 255, 0])
    #expect(try message { _ = try NPYFile.read(folder.file(long)) }.contains("a header of 4294967295 bytes"))
    let new = Data([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 4, 0, 0, 0, 0, 0])
    #expect(try message { _ = try NPYFile.read(folder.file(new)) }.contains("format version 4"))
    #expect(throws: FileError.isDirectory(path: folder.path)) { try NPYFile.read(folder.path) }
  }

  @Test func damagedBytesNeverTrap() throws {
    let sound = try Data(contentsOf: URL(fileURLWithPath: fixture("f4_fortran.npy")))
    var random = SplitMix64(seed: 3)
    var refused = 0
    for _ in 0..<2000 {
      var bytes = sound
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        bytes[Int.random(in: 0..<80, using: &random)] = UInt8.random(in: 0...255, using: &random)
      }
      let path = try folder.file(bytes)
      do { _ = try NPYFile.read(path) } catch is ModelFormatError { refused += 1 }
    }
    #expect(refused > 1500)
  }
}
