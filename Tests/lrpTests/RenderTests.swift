import Foundation
import Heatmaps
import ModelFormats
import Tensors
import Testing

@Suite struct RenderTests {
  @Test func drawsArraysAndTensors() throws {
    let scratch = try Scratch()
    let relevance = Tensor([1, 1, 1, 3], rowMajor: [-1, 0, 1])
    try NPYFile.write(relevance, to: scratch.path("r.npy"))
    try SafetensorsFile.write([("relevance", relevance), ("other", relevance * -1)], to: scratch.path("r.safetensors"))
    func draw(_ arguments: [String]) throws -> [RGB] {
      let result = try Program.run(["render"] + arguments + ["--cmap", "bwr", "--output", scratch.path("r.png")])
      #expect(result.status == 0, "\(result.errors)")
      let picture = try Picture(contentsOfFile: scratch.path("r.png"))
      return (0..<picture.width * picture.height).map { picture.pixel($0) }
    }
    let blue = RGB(0, 0, 255)
    let red = RGB(255, 0, 0)
    let array = try draw([scratch.path("r.npy")])
    #expect(array.first == blue && array.last == red)
    #expect(try draw([scratch.path("r.safetensors")]) == array)
    let other = try draw([scratch.path("r.safetensors"), "--tensor", "other"])
    #expect(other.first == red && other.last == blue)
    #expect(try draw([scratch.path("r.npy"), "--norm", "absolute"]).first == red)
    #expect(try draw([scratch.path("r.npy"), "--level", "-1"]).first == red)
  }

  @Test func samplesBecomeASheet() throws {
    let scratch = try Scratch()
    try NPYFile.write(Arrays.random([4, 3, 8, 6]), to: scratch.path("r.npy"))
    let arguments = ["render", scratch.path("r.npy"), "--output", scratch.path("r.png")]
    #expect(try Program.run(arguments).status == 0)
    let sheet = try Picture(contentsOfFile: scratch.path("r.png"))
    #expect(sheet.width == 12 && sheet.height == 16)
    #expect(try Program.run(arguments + ["--sample", "2"]).status == 0)
    let one = try Picture(contentsOfFile: scratch.path("r.png"))
    #expect(one.width == 6 && one.height == 8)
  }
}
