import CursesTerminal
import TerminalUI
import Testing

struct MouseReportTests {
  @Test(
    arguments: [
      ("0;1;1", false, .press(.left)), ("0;1;1", true, .release(.left)), ("2;1;1", false, .press(.right)),
      ("1;1;1", false, .press(.middle)), ("32;1;1", false, .drag(.left)), ("34;1;1", false, .drag(.right)),
      ("64;1;1", false, .wheelUp), ("65;1;1", false, .wheelDown), ("4;1;1", false, .press(.left)),
      ("66;1;1", false, nil), ("35;1;1", false, nil), ("3;1;1", false, nil),
    ] as [(String, Bool, MouseEvent.Kind?)])
  func kinds(_ text: String, _ isRelease: Bool, _ kind: MouseEvent.Kind?) {
    #expect(MouseReport.event(sgr: text, isRelease: isRelease)?.kind == kind)
  }

  @Test(arguments: ["", "0", "0;1", "0;1;1;1", "a;1;1", "0;0;1", "0;-1;1", "999;1;1", "0;1;99999999999999999999", ";;"])
  func malformedReportsAreIgnored(_ text: String) {
    #expect(MouseReport.event(sgr: text, isRelease: false) == nil)
  }

  @Test func placesCountFromZeroWithoutLimit() {
    let event = MouseReport.event(sgr: "0;301;80", isRelease: false)
    #expect(event == MouseEvent(.press(.left), x: 300, y: 79))
  }

  @Test func oldReports() {
    #expect(MouseReport.event(old: [" ", "!", "#"]) == MouseEvent(.press(.left), x: 0, y: 2))
    #expect(MouseReport.event(old: ["#", "!", "!"]) == MouseEvent(.release(.left), x: 0, y: 0))
    #expect(MouseReport.event(old: ["`", "!", "!"]) == MouseEvent(.wheelUp, x: 0, y: 0))
    #expect(MouseReport.event(old: ["a", "!", "!"]) == MouseEvent(.wheelDown, x: 0, y: 0))
    #expect(MouseReport.event(old: [" ", "!"]) == nil)
    #expect(MouseReport.event(old: ["\u{1}", " ", " "]) == nil)
  }
}
