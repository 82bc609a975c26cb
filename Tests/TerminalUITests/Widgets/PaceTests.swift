import TerminalUI
import Testing

struct PaceTests {
  private static let pace = Pace(total: 30, unit: "pictures")

  @Test("rate and time left come from what was done")
  func text() {
    #expect(Self.pace.text(done: 0, seconds: 0) == "0/30 pictures")
    #expect(Self.pace.text(done: 0, seconds: 2) == "0/30 pictures")
    #expect(Self.pace.text(done: 10, seconds: 5) == "10/30 pictures  2.0/s  0:10 left")
    #expect(Self.pace.text(done: 1, seconds: 4) == "1/30 pictures  4.0 s each  1:56 left")
    #expect(Self.pace.text(done: 15.5, seconds: 0.05) == "15/30 pictures  310/s  0:01 left")
    #expect(Self.pace.text(done: 30, seconds: 5) == "30/30 pictures  6.0/s  0:00 left")
  }

  @Test("what was done before tells nothing about the rate")
  func resumed() {
    #expect(Self.pace.text(done: 20, seconds: 9, unmeasured: 20) == "20/30 pictures")
    #expect(Self.pace.text(done: 25, seconds: 10, unmeasured: 20) == "25/30 pictures  2.0 s each  0:10 left")
  }

  @Test("long times are written in hours, and beyond that in words")
  func long() {
    let many = Pace(total: 50_000, unit: "pictures")
    #expect(many.text(done: 1, seconds: 0.5) == "1/50000 pictures  2.0/s  6:56:40 left")
    #expect(many.text(done: 1e-9, seconds: 1e9).hasSuffix("days left"))
  }
}
