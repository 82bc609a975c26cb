import CNcurses
import TerminalUI

/// From mouse events of ncurses to those of ``TerminalUI``.
struct MouseTranslation {
  /// ncurses does not say which button is held during a movement.
  private var held: MouseEvent.Button?

  private static let buttons: [(number: Int32, button: MouseEvent.Button)] = [(1, .left), (2, .middle), (3, .right)]

  /// The event of a button state at a cell; `nil` for movements without a button and for further buttons.
  mutating func event(state: mmask_t, x: Int, y: Int) -> MouseEvent? {
    if lrp_mouse_pressed(state, 4) != 0 { return MouseEvent(.wheelUp, x: x, y: y) }
    if lrp_mouse_pressed(state, 5) != 0 { return MouseEvent(.wheelDown, x: x, y: y) }
    for (number, button) in MouseTranslation.buttons {
      if lrp_mouse_pressed(state, number) != 0 {
        held = button
        return MouseEvent(.press(button), x: x, y: y)
      }
      if lrp_mouse_released(state, number) != 0 {
        held = nil
        return MouseEvent(.release(button), x: x, y: y)
      }
    }
    if lrp_mouse_moved(state) != 0, let held { return MouseEvent(.drag(held), x: x, y: y) }
    return nil
  }
}
