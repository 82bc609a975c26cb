import CursesTerminal
import Testing

struct MailboxTests {
  @Test func messagesComeOutInOrderAndOnce() {
    let mailbox = Mailbox<Int>()
    #expect(mailbox.drain().isEmpty)
    (1...3).forEach(mailbox.post)
    #expect(mailbox.drain() == [1, 2, 3])
    #expect(mailbox.drain().isEmpty)
  }

  @Test func nothingIsLostBetweenTasks() async {
    let mailbox = Mailbox<Int>()
    await withTaskGroup(of: Void.self) { group in
      for task in 0..<4 {
        group.addTask { for number in 0..<500 { mailbox.post(task * 500 + number) } }
      }
    }
    #expect(mailbox.drain().sorted() == Array(0..<2000))
  }
}
