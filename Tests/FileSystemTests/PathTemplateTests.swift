import FileSystem
import Testing

struct PathTemplateTests {
  private static let fields: [String: PathTemplate.Kind] = ["sample": .number, "label": .text]

  @Test(
    "fields are filled in as Python does it",
    arguments: [
      ("h/{sample}.png", "h/7.png"), ("{sample:04d}", "0007"), ("{sample:04}", "0007"), ("{sample:3d}|", "  7|"),
      ("{sample:d}", "7"), ("{label}/{sample:02d}", "cat/07"), ("{label:5}|", "cat  |"), ("{{x}}{sample}", "{x}7"),
      ("plain", "plain"), ("{sample}{sample}", "77"),
    ])
  func filled(template: String, expected: String) throws {
    let parsed = try PathTemplate(template, fields: Self.fields)
    #expect(parsed.path(["sample": .number(7), "label": .text("cat")]) == expected)
  }

  @Test("negative numbers and numbers wider than their field keep all digits")
  func widths() throws {
    let parsed = try PathTemplate("{sample:03d}", fields: Self.fields)
    #expect(parsed.path(["sample": .number(-4)]) == "-04")
    #expect(parsed.path(["sample": .number(12345)]) == "12345")
    #expect(parsed.path([:]) == "")
    #expect(parsed.fields == ["sample"])
  }

  @Test(
    "mistakes are named",
    arguments: [
      ("{smple}.png", "{smple}.png: {smple} found, {label}, {sample} expected"),
      ("{sample", "{sample: '{' without '}' found; write '{{' for a brace"),
      ("a}b", "a}b: '}' without '{' found; write '}}' for a brace"),
      ("{sample:x}", "{sample:x}: format 'x' found for {sample}, one such as '04d' expected"),
      ("{sample:999999999}", "{sample:999999999}: format '999999999' found for {sample}, one such as '04d' expected"),
      ("{sample:-3d}", "{sample:-3d}: format '-3d' found for {sample}, one such as '04d' expected"),
      ("{}", "{}: {} found, {label}, {sample} expected"),
    ])
  func mistakes(template: String, message: String) {
    let error = #expect(throws: FileError.self) { _ = try PathTemplate(template, fields: Self.fields) }
    #expect(error.map { "\($0)" } == message)
  }
}
