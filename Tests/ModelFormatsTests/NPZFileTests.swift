import FileSystem
import Foundation
import ModelFormats
import Tensors
import Testing

struct NPZFileTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test("archives with one array, stored or compressed", arguments: ["one", "one_compressed"])
  func oneArray(_ name: String) throws {
    #expect(try NPYFile.recognizes(fixture(name + ".npz")))
    for layout in [Tensor.Layout.channelsLast, .rowMajor] {
      let tensor = try NPYFile.read(fixture(name + ".npz"), layout: layout)
      #expect(tensor.shape == [2, 3, 4, 5] && tensor.rowMajorElements() == fixtureValues("f"))
    }
  }

  @Test("of several arrays one is named, or all are listed", arguments: ["two", "two_compressed"])
  func severalArrays(_ name: String) throws {
    let path = fixture(name + ".npz")
    #expect(try NPYFile.read(path + ":images").rowMajorElements() == fixtureValues("f"))
    #expect(try NPYFile.read(path + ":labels").rowMajorElements() == [0, 1])
    let asked = try message { _ = try NPYFile.read(path) }
    for word in ["2 arrays: images (2, 3, 4, 5), labels (2)", ".npz:images"] {
      #expect(asked.contains(word), "\(asked)")
    }
    #expect(try message { _ = try NPYFile.read(path + ":image") }.contains("no array 'image'"))
    #expect(throws: FileError.notFound(path: path + "x:images")) { try NPYFile.read(path + "x:images") }
  }

  @Test("damaged archives are refused, whatever is damaged", arguments: ["one", "one_compressed", "two_compressed"])
  func damage(_ name: String) throws {
    let sound = try Data(contentsOf: URL(fileURLWithPath: fixture(name + ".npz")))
    var random = SplitMix64(seed: 5)
    var refused = 0
    for _ in 0..<600 {
      var bytes = sound
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
      }
      let path = try folder.file(bytes, "file.npz")
      do {
        // Checksums leave nothing unnoticed.
        let tensor = try NPYFile.read(path + (name == "two_compressed" ? ":images" : ""))
        #expect(tensor.rowMajorElements() == fixtureValues("f"))
      } catch is ModelFormatError { refused += 1 } catch is FileError { refused += 1 }
    }
    #expect(refused > 300)
    #expect(try message { _ = try NPYFile.read(folder.file(sound.prefix(sound.count / 2))) }.contains("zip directory"))
  }

  @Test("other archives are named")
  func otherArchives() throws {
    let empty = Data([0x50, 0x4b, 5, 6] + [UInt8](repeating: 0, count: 18))
    #expect(try message { _ = try NPYFile.read(folder.file(empty)) }.contains("without arrays"))
    #expect(try message { _ = try NPYFile.read(fixture("parameters.pth")) }.contains("without arrays"))
  }

  // MARK: Spellings and ranges

  private func file(_ descriptor: String, _ data: [UInt8]) throws -> String {
    let header = Array("{'descr': \(descriptor), 'fortran_order': False, 'shape': (2,), }\n".utf8)
    return try folder.file(Data([0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.count), 0] + header + data))
  }

  private func bytes<Number>(_ numbers: [Number]) -> [UInt8] { numbers.withUnsafeBytes { Array($0) } }

  @Test("every spelling of a type that numpy takes")
  func spellings() throws {
    for descriptor in ["'<f4'", "'f4'", "'=f4'", "'float32'", "'f'", "\"<f4\"", "'single'"] {
      #expect(try NPYFile.read(file(descriptor, bytes([Float(1.5), -2]))).rowMajorElements() == [1.5, -2])
    }
    for descriptor in ["'<f8'", "'f8'", "'d'", "'float64'", "'=f8'", "'double'"] {
      #expect(try NPYFile.read(file(descriptor, bytes([1.5, -2.0]))).rowMajorElements() == [1.5, -2])
    }
    for descriptor in ["'|u1'", "'u1'", "'<u1'", "'uint8'", "'B'"] {
      #expect(try NPYFile.read(file(descriptor, [7, 255])).rowMajorElements() == [7, 255])
    }
    for descriptor in ["'|b1'", "'bool'", "'?'", "'b1'"] {
      #expect(try NPYFile.read(file(descriptor, [0, 1])).rowMajorElements() == [0, 1])
    }
    #expect(
      try NPYFile.read(file("'>f8'", bytes([Double(1.5).bitPattern.byteSwapped, 0]))).rowMajorElements() == [1.5, 0])
    for descriptor in ["'int64'", "'i8'", "'l'"] {
      #expect(try NPYFile.read(file(descriptor, bytes([3, -4]))).rowMajorElements() == [3, -4])
    }
    for (descriptor, word) in [
      ("'<c8'", "complex numbers"), ("'|O'", "Python objects"), ("'<U4'", "texts"), ("'|V2'", "bfloat16"),
      ("'<M8[s]'", "times"), ("[('a', '<f4'), ('b', '<f4')]", "a structured array, with named fields"),
      ("'<f16'", "elements of another kind"),
    ] {
      let found = try message { _ = try NPYFile.read(file(descriptor, [UInt8](repeating: 0, count: 16))) }
      #expect(found.contains(word), "\(found)")
    }
  }

  @Test("numbers beyond float32 are called that, NaN and infinity are left to others")
  func ranges() throws {
    for (descriptor, numbers) in [("'<f8'", [1.0, 1e300]), ("'<f8'", [-1e39, 0]), ("'>f8'", [2, -1e300])] {
      let data = bytes(numbers.map { descriptor.contains(">") ? $0.bitPattern.byteSwapped : $0.bitPattern })
      let found = try message { _ = try NPYFile.read(file(descriptor, data)) }
      #expect(found.contains("float32's range") && found.contains("e+"), "\(found)")
    }
    let infinite = try NPYFile.read(file("'<f8'", bytes([Double.infinity, 1e-300]))).rowMajorElements()
    #expect(infinite == [.infinity, 0])
    #expect(try NPYFile.read(file("'<f8'", bytes([Double.nan, 3e38]))).rowMajorElements()[0].isNaN)
  }
}
