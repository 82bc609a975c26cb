import LRP
import TerminalUI

extension ExplorerState {
  /// What has to be done when the explorer starts: opens the model it was launched with.
  public mutating func start() -> [ExplorerCommand] { [] }

  /// Takes in what happened and says what is to be done. Pure: everything is in the state and in the event.
  public mutating func update(_ event: ExplorerEvent) -> [ExplorerCommand] { [] }

  /// The whole screen, `width` x `height` cells. Quick: pictures are kept from update to update.
  public func view() -> CellBuffer { CellBuffer(width: width, height: height) }
}
