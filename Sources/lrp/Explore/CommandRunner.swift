import CursesTerminal
import Explorer
import LRP

/// Does in the background what the explorer asks for, and reports to its mailbox.
///
/// Models, inputs and sessions live in a ``Workbench``; here is only which attribution is the newest: a new one cancels
/// the one that runs, which stops at the next node.
@MainActor
final class CommandRunner {
  private let mailbox: Mailbox<ExplorerMessage>
  private let workbench: Workbench
  private let files: FileWork
  private var attribution: Task<Void, Never>?
  private var opening: Task<Void, Never>?

  init(mailbox: Mailbox<ExplorerMessage>, sources: LaunchSources) {
    self.mailbox = mailbox
    workbench = Workbench(sources: sources, mailbox: mailbox)
    files = FileWork(mailbox: mailbox, workbench: workbench)
  }

  func perform(_ command: ExplorerCommand) {
    let (workbench, files) = (workbench, files)
    switch command {
    case .openModel(let request):
      attribution?.cancel()
      opening?.cancel()
      opening = Task.detached { await workbench.open(request) }
    case .openInput(let request):
      attribution?.cancel()
      Task.detached { await workbench.open(request) }
    case .attribute(let request):
      attribution?.cancel()
      attribution = Task.detached(priority: .userInitiated) { await workbench.attribute(request) }
    case .cancelAttribution:
      attribution?.cancel()
    case .save(let request):
      Task.detached { await files.save(request) }
    case .openComposite(let path):
      Task.detached { await files.openComposite(path) }
    case .keepUnsaved(let composite):
      Task.detached { await files.keepUnsaved(composite) }
    case .suspend, .redraw, .beep, .quit:
      break  // the runtime's own
    }
  }

  /// Ends what is running; what is being written is written to the end.
  func stop() {
    attribution?.cancel()
    opening?.cancel()
  }
}
