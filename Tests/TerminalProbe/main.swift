import CursesTerminal
import Foundation
import TerminalUI

// A program for the tests of CursesTerminal: shows a known picture and the last event, and crashes on demand.
//
// Keys: q quits, c crashes, e writes to standard error, b asks a background task for an answer. The bottom line tells
// the colour mode, the size and the last event.

struct Probe {
  var lastEvent = "none"
  var answers = 0
  var phase = 0
  var mouseEvents = 0

  /// Every half-block cell gets two colours that occur nowhere else.
  static func color(x: Int, y: Int, phase: Int) -> Color {
    Color(red: UInt8(truncatingIfNeeded: x + phase), green: UInt8(truncatingIfNeeded: y), blue: UInt8((x + y) % 8))
  }

  func frame(width: Int, height: Int, capabilities: DisplayCapabilities) -> CellBuffer {
    var buffer = CellBuffer(width: width, height: height)
    let rows = max(0, height - 2)
    let pixels = (0..<2 * rows).flatMap { y in (0..<width).map { Probe.color(x: $0, y: y, phase: phase) } }
    let values = (0..<2 * rows * width).map { Float($0 % width) / Float(max(1, width - 1)) * 2 - 1 }
    let picture = HalfBlockImage(width: width, height: 2 * rows, pixels: pixels, values: values)
    picture.draw(into: &buffer, in: buffer.bounds, capabilities: capabilities)
    let styled = StyledText([
      .init("│日本│é│", .plain), .init("bold", Style(bold: true)), .init("dim", Style(dim: true)),
      .init("under", Style(underline: true)), .init("reverse", Style(reverse: true)),
      .init("color", Style(foreground: Color(0x010203), background: Color(0x000007))),
    ])
    buffer.write(styled, x: 0, y: height - 2)
    let status =
      "\(capabilities.colorMode) \(width)x\(height) answers=\(answers) phase=\(phase) mouse=\(mouseEvents) last=\(lastEvent)."
    buffer.write(status, x: 0, y: height - 1)
    return buffer
  }
}

func describe(_ event: Event) -> String {
  switch event {
  case .key(let key): "key \(key.displayText)"
  case .mouse(let mouse):
    "mouse \(mouse.kind) \(mouse.x),\(mouse.y)".replacing("TerminalUI.MouseEvent.Button.", with: "")
  case .paste(let text): "paste \(text.debugDescription)"
  case .resize: "resize"
  case .focusGained: "focus gained"
  case .focusLost: "focus lost"
  case .resumed: "resumed"
  case .terminate(let reason): "terminate \(reason)"
  }
}

@MainActor func run() {
  let terminal: Terminal
  do {
    terminal = try Terminal(preference: CommandLine.arguments.contains("--never") ? .never : .auto)
  } catch {
    print("error: \(error)")
    exit(2)
  }
  let mailbox = Mailbox<Int>()
  var probe = Probe()
  while true {
    let size = terminal.size
    terminal.present(probe.frame(width: size.width, height: size.height, capabilities: terminal.capabilities))
    let (events, messages) = terminal.wait(for: mailbox)
    probe.answers += messages.reduce(0, +)
    for event in events {
      probe.lastEvent = describe(event)
      switch event {
      case .mouse: probe.mouseEvents += 1
      case .key(.character("q")), .terminate:
        terminal.close()
        terminal.close()
        print("closed after \(probe.lastEvent)")
        return
      case .key(.character("c")): fatalError("deliberate crash")
      case .key(.character("e")): FileHandle.standardError.write(Data("a warning\n".utf8))
      case .key(.character("b")): Task.detached { mailbox.post(1) }
      case .key(.character("n")): probe.phase += 1
      default: break
      }
    }
  }
}

run()
