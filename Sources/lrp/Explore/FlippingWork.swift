import CursesTerminal
import Dispatch
import Explorer
import LRP
import NeuralNetwork
import Tensors

/// Computes pixel-flipping curves beside everything else, and reports each as it is done.
struct FlippingWork: Sendable {
  let mailbox: Mailbox<ExplorerMessage>
  let workbench: Workbench

  func run(_ request: FlippingRequest) async {
    func report(_ news: FlippingNews) { mailbox.post(.flipping(request: request.id, news)) }
    guard let (network, input) = await workbench.networkAndInput else {
      return report(.failed("there is no model or no input any more: open one, and ask again"))
    }
    var last = DispatchTime.now().uptimeNanoseconds
    do {
      for (number, subject) in request.subjects.enumerated() {
        let curve = try request.settings.curve(network, input: input, order: subject.order, target: request.target) {
          share in
          try Task.checkCancellation()
          let now = DispatchTime.now().uptimeNanoseconds
          guard now >= last + 50_000_000 else { return }
          last = now
          report(.progress((Double(number) + share) / Double(request.subjects.count)))
        }
        // As for attributions: of a file that was overwritten nothing is shown.
        try network.checkUnchanged()
        report(.result(FlippingResult(title: subject.title, name: subject.name, curve: curve)))
      }
      report(.finished)
    } catch is CancellationError {
      return  // the state knows, or has asked for another
    } catch {
      report(.failed("\(error)"))
    }
  }
}
