import CursesTerminal
import Dispatch
import Explorer
import LRP
import TerminalUI

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
  private var steps: Task<Void, Never>?
  private var canonizers: Task<Void, Never>?
  private var flipping: Task<Void, Never>?
  /// Where the tutor's progress is kept.
  var progressPath: String?
  /// The last of what is to be written: one file after the other, in the order they were asked for.
  private var writing: Task<Void, Never>?

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
    case .computeSteps(let request):
      steps?.cancel()
      steps = Task.detached(priority: .userInitiated) { await workbench.computeSteps(request) }
    case .surveyCanonizers(let request):
      canonizers?.cancel()
      canonizers = Task.detached(priority: .userInitiated) { await workbench.survey(request) }
    case .flip(let request):
      flipping?.cancel()
      let mailbox = mailbox
      flipping = Task.detached { await FlippingWork(mailbox: mailbox, workbench: workbench).run(request) }
    case .cancelFlipping:
      flipping?.cancel()
    case .save(let request):
      write { await files.save(request) }
    case .openComposite(let path):
      Task.detached { await files.openComposite(path) }
    case .keepUnsaved(let work):
      write { await files.keepUnsaved(work) }
    case .readRecovered(let work):
      Task.detached { await files.readRecovered(work) }
    case .forgetRecovered(let work):
      write { await files.unsavedEdits.forget(work) }
    case .adoptRecovered(let recovered, let work):
      write { await files.adoptRecovered(recovered, as: work) }
    case .keepProgress(let progress):
      guard let progressPath else { break }
      let mailbox = mailbox
      write { ProgressFile.keep(progress, at: progressPath, mailbox: mailbox) }
    case .suspend, .redraw, .beep, .quit, .play:
      break  // the runtime's own
    }
  }

  /// Looks for edits that earlier sessions could not save.
  func reportRecovered() {
    let (mailbox, edits) = (mailbox, files.unsavedEdits)
    Task.detached {
      let works = await edits.recovered()
      if !works.isEmpty { mailbox.post(.recovered(works)) }
    }
  }

  private func write(_ work: @escaping @Sendable () async -> Void) {
    let previous = writing
    writing = Task.detached {
      await previous?.value
      await work()
    }
  }

  /// Ends what is running; what is being written is written to the end, unless that takes too long.
  func stop() {
    attribution?.cancel()
    opening?.cancel()
    steps?.cancel()
    canonizers?.cancel()
    flipping?.cancel()
    guard let writing else { return }
    let isDone = DispatchSemaphore(value: 0)
    Task.detached {
      await writing.value
      isDone.signal()
    }
    _ = isDone.wait(timeout: .now() + .seconds(10))
  }
}
