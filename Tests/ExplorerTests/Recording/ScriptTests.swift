import Explorer
import TerminalUI
import Testing

/// Reading and writing scripts.
struct ScriptTests {
  @Test(arguments: [
    "press j", "press j space ctrl-r alt-b f12 backtab shift-up \"#\"", "type \"0.5\"",
    "type \"say \\\"a\\\\b\\\"\\t\\n\\u{1b}ü漢\"", "paste \"# no comment\"", "click 12 5", "click 12 5 right",
    "hold 1 1", "drag 2 3", "release 2 3 middle", "wheel up 3 4", "wheel down 3 4", "resize 100x30", "wait ready",
    "wait heatmap 20.0", "wait \"3 marked\"", "wait failure", "expect \"a\"", "expect no \"a\"", "pause 1.5",
    "say \"Now the ledger.\"", "maybe press u", "maybe click 1 1",
  ])
  func whatIsWrittenIsReadAgain(_ line: String) throws {
    let script = try Script("  \(line)  # a comment, \"quoted\"\r\n\n# more\n", path: "a.lrp")
    #expect(script.steps.map(\.text) == [line])
    #expect(script.steps.map(\.line) == [1])
  }

  @Test func theHeadSaysWhatToStartWith() throws {
    let script = try Script(
      "# by hand\nstart --model fashion_vgg \"--input\" \"a b.png\"\nsize 100x30\npress j", path: "a")
    #expect(script.start == ["--model", "fashion_vgg", "--input", "a b.png"])
    #expect(script.startLine == 2)
    #expect(script.size?.description == "100x30")
    #expect(script.steps.map(\.line) == [4])
  }

  @Test(arguments: [
    ("prees j", "“prees” found, a step expected (press,"), ("prees j", "did you mean press?"),
    ("press", "nothing found behind press, a key expected"), ("press jj", "“jj” found, a key expected"),
    ("type 0.5", "“0.5” found behind type, a text in \"…\" expected"), ("type \"0.5", "a closing \" expected"),
    ("type \"\\x\"", "\\x found"), ("type \"\\u{110000}\"", "\\u{…}"), ("type \"a\"b", "“b” found right behind"),
    ("type \"\"", "nothing found behind type"), ("click 12", "“12” found behind click, a column and a row expected"),
    ("click a b", "“a b” found"), ("click 1 99999999999999999999", "found"),
    ("click 1 2 3", "“3” found behind “click 1 2”"),
    ("wheel 3 4", "“3” found behind wheel, up or down expected"), ("resize 0x10", "“0x10” found, columns x rows"),
    ("resize 99999x10", "“99999x10” found"), ("wait", "nothing found behind wait, ready"),
    ("wait for it", "“for” found behind wait"), ("wait ready soon", "“soon” found, seconds"),
    ("wait ready nan", "“nan” found"), ("pause -1", "“-1” found, seconds"), ("expect a", "“a” found behind expect"),
    ("maybe", "nothing found behind maybe"), ("press j\nsize 80x24", "a second “size”, or one behind a step"),
    ("size 80x24\nsize 80x24", "a second “size”"), ("size 80", "“80” found, columns x rows such as 120x40 expected"),
  ])
  func aWrongLineIsNamed(_ text: String, _ problem: String) throws {
    let line = text.contains("\n") ? 2 : 1
    do {
      _ = try Script(text, path: "demo.lrp")
      Issue.record("\(text) was read")
    } catch {
      #expect(error.description.hasPrefix("demo.lrp:\(line): ") && error.description.contains(problem), "\(error)")
    }
  }

  @Test func everyKeyHasAName() throws {
    let keys: [Key] = ActionTable.all.flatMap(\.keys) + [.insert, .delete, .control("@"), .alt("ä"), .function(0)]
    for key in keys {
      let name = try #require(KeyName.name(key), "\(key)")
      #expect(KeyName.key(name) == key, "\(name)")
    }
    #expect(KeyName.name(.character("\u{1}")) == nil)
  }
}
