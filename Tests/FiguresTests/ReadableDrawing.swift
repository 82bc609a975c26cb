import Figures
import Testing

/// Expects all texts to lie on the page, and none over another.
func expectReadable(_ drawing: Drawing, sourceLocation: SourceLocation = #_sourceLocation) {
  let boxes = drawing.marks.compactMap { mark -> (text: String, box: Box)? in
    if case .text(let label) = mark { (label.text, extent(label)) } else { nil }
  }
  for (index, (text, box)) in boxes.enumerated() {
    let isInside =
      box.x >= -1 && box.y >= -1 && box.right <= Double(drawing.width) + 1
      && box.bottom <= Double(drawing.height) + 1
    #expect(isInside, "\"\(text)\" leaves the page", sourceLocation: sourceLocation)
    for (other, otherBox) in boxes[(index + 1)...] {
      let isApart =
        box.right <= otherBox.x || otherBox.right <= box.x || box.bottom <= otherBox.y
        || otherBox.bottom <= box.y
      #expect(isApart, "\"\(text)\" and \"\(other)\" overlap", sourceLocation: sourceLocation)
    }
  }
}

/// The room that a label's capitals and digits take.
private func extent(_ label: Label) -> Box {
  let width = typewriter.width(label.text, label.font)
  let height = 2 * label.font.halfCapital
  let start =
    switch label.anchor {
    case .start: 0.0
    case .middle: -width / 2
    case .end: -width
    }
  guard label.isTurned else {
    return Box(x: label.position.x + start, y: label.position.y - height, width: width, height: height)
  }
  return Box(
    x: label.position.x - height, y: label.position.y - start - width, width: height, height: width)
}
