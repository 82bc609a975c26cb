import Explorer
import Foundation
import ModelZoo
import ProgramFiles

// Files that the program keeps for its user, or that come with it, and that anybody may edit.

extension HostileFormat {
  static func configuration() throws -> HostileFormat {
    let cat = checkout.appendingPathComponent("assets/images/chelsea.png").path
    let whole = """
      # the explorer's
      model: fashion_vgg
      input: \(cat)
      composite: epsilon_plus
      color_map: '00f,fff,f00'
      level: 1.5
      norm: symmetric
      percentile: 99
      color: auto
      mouse: true
      threads: 2
      """
    let words =
      whole.components(separatedBy: .whitespacesAndNewlines)
      + ["none", "~/x", "/dev/zero", "/", "absolute", "always", "false", "[2]", "hot", "100.0000001", "50", "4097"]
    return HostileFormat(
      name: "configuration", fileName: "config.yaml", allowance: 2 * usualAllowance,
      damaged: { random in Array(Damage.text(whole, words: words, &random).utf8) },
      read: { path in
        let settings = try Configuration.load(path)
        // What `lrp config` prints reads back.
        let again = path + ".again"
        try settings.annotated.write(toFile: again, atomically: false, encoding: .utf8)
        defer { unlink(again) }
        guard try Configuration(contentsOf: again) == settings else { throw Surprise("\(path): other settings") }
        return true
      })
  }

  /// Lessons of the program, which anybody may write too.
  static func lesson() throws -> HostileFormat {
    let folder = "assets/lessons"
    let names = try FileManager.default.contentsOfDirectory(atPath: checkout.appendingPathComponent(folder).path)
    let texts = try names.filter { $0.hasSuffix(".yaml") }.sorted().map {
      String(decoding: try file("\(folder)/\($0)"), as: UTF8.self)
    }
    let words =
      texts.flatMap { $0.components(separatedBy: .whitespacesAndNewlines) }.filter { !$0.isEmpty }
      + [
        "{", "}", "{kept", "{nothing}", "steps:", "check:", "[]", "layers:", "start", "size", "F99", "key:", "..", "*",
      ]
    return HostileFormat(
      name: "lesson", fileName: "01-it.yaml", allowance: 2 * usualAllowance,
      damaged: { random in Array(Damage.text(random.pick(texts), words: words, &random).utf8) },
      read: { path in
        let lesson = try LessonReader(path: path).lesson(id: "01-it")
        guard !lesson.headlines.isEmpty else { throw Surprise("\(path): no steps") }
        return true
      })
  }

  /// How far the lessons are.
  static func progress() -> HostileFormat {
    let whole = """
      version: 1
      at: 03-epsilon.2
      done:
        - 01-open.1
        - 01-open.2
        - 02-rules.1
      """
    let words =
      whole.components(separatedBy: .whitespacesAndNewlines) + [
        ".1", "a.", "a.0", "a.-1", "a.41", "a.b.1", "[a.1, a.2]",
      ]
    return HostileFormat(
      name: "progress", fileName: "tutor.yaml", allowance: 2 * usualAllowance,
      damaged: { random in Array(Damage.text(whole, words: words, &random).utf8) },
      read: { path in
        let progress = try TutorProgress(contentsOf: path)
        guard try TutorProgress(progress.text, path: path) == progress else {
          throw Surprise("\(path): other progress")
        }
        return true
      })
  }

  /// Records of runs over folders of pictures. There is no error: what cannot be read was another run's.
  static func runRecord() -> HostileFormat {
    let settings = ["--model": "fashion_mlp", "--seed": "0", "--output": "h/{sample}.npy"]
    let entries = (0..<20).map {
      "{\"class\":\($0 % 10),\"picture\":\"val/\($0).png\",\"predicted\":\($0),\"sample\":\($0)}\n"
    }
    let header = "{\"--model\":\"fashion_mlp\",\"--output\":\"h/{sample}.npy\",\"--seed\":\"0\"}\n"
    return HostileFormat(
      name: "run-record", fileName: "it.run", allowance: usualAllowance,
      damaged: { random in
        let isLarge = random.once(in: 50)
        let lines = isLarge ? [String](repeating: random.pick(entries + ["\n"]), count: random.below(50_000)) : entries
        let whole = lines.joined()
        let damaged = Array(
          random.once(in: 2) && !isLarge
            ? Damage.text(whole, words: ["{", "[", "null", "\"\\u0007\"", "1e999"], &random).utf8 : whole.utf8)
        let bytes = random.once(in: 2) ? Damage.bytes(damaged, &random) : damaged
        let first = Array(header.utf8)
        return (random.once(in: 3) ? Damage.bytes(first, &random) : first) + bytes
      },
      read: { path in
        let old = try RunRecord.read(path, settings: settings)
        let names = old.changedSettings.joined()
        guard names.unicodeScalars.allSatisfy({ $0.value >= 0x20 }), names.utf8.count < 4000 else {
          throw Surprise("\(path): settings that no terminal shows")
        }
        return !old.entries.isEmpty
      })
  }

  /// Comments at the beginning of edits that are in no file; the rest is a composite.
  static func unsavedHeading() -> HostileFormat {
    let whole = "# edits: 3\n# label: Gamma 0.5 → 3 layers\n# title: epsilon_plus\nversion: 1\n"
    return HostileFormat(
      name: "unsaved", fileName: "000001.yaml", allowance: usualAllowance,
      damaged: { random in
        let words = whole.components(separatedBy: " ") + ["\u{1B}[2J", "\u{2028}", "\r"]
        return random.once(in: 2)
          ? Damage.bytes(Array(whole.utf8), &random) : Array(Damage.text(whole, words: words, &random).utf8)
      },
      read: { path in
        let heading = try UnsavedHeading(contentsOf: path)
        guard heading.edits >= 0, heading.edits + 1000 > heading.edits, UnsavedHeading(of: heading.text) == heading
        else {
          throw Surprise("\(path): \(heading) does not read back")
        }
        return heading.edits > 1
      })
  }
}
