import TerminalUI

extension ActionTable {
  /// They work everywhere, also in windows and while text is typed.
  static let tutorActions: [Action] = [
    Action(
      "tutor.next", keys: [.function(2), .control("n")], "Next step, once this one is done", hint: "next",
      group: .tutor,
      needs: Requirement { state in
        guard let tutor = state.tutor else { return Requirement.tutor.objection(state) }
        return tutor.isDone ? nil : (tutor.missing.first ?? "the step is not done yet") + " (F4 shows how, F5 skips)"
      }
    ) { state, _ in
      state.nextStep()
    },
    Action(
      "tutor.show", keys: [.function(4)], "Show me: do this step for me", hint: "show me", group: .tutor, needs: .tutor
    ) { state, _ in
      state.showStep()
    },
    Action(
      "tutor.list", keys: [.function(6)], "List the lessons, go to any step", hint: "lessons", group: .tutor,
      needs: .tutor
    ) { state, _ in
      state.openLessonList()
    },
    Action(
      "tutor.again", keys: [.function(7)], "Start this lesson again", hint: "again", group: .tutor, needs: .tutor
    ) { state, _ in
      state.goToLesson(LessonPlace(lesson: state.tutor?.place.lesson ?? 0))
    },
    Action(
      "tutor.large", keys: [.function(8)], "Large type for a projector, or not", hint: "large type", group: .tutor,
      needs: .tutor
    ) { state, _ in
      state.tutor?.isLarge.toggle()
      state.tutor?.isHidden = false
      return []
    },
    Action(
      "tutor.back", keys: [.function(3)], "Read the step before again", hint: "back", group: .tutor,
      needs: Requirement { state in
        guard let tutor = state.tutor else { return Requirement.tutor.objection(state) }
        return tutor.previous(before: tutor.place) == nil ? "this is the first step" : nil
      }
    ) { state, _ in
      state.previousStep()
    },
    Action(
      "tutor.skip", keys: [.function(5)], "Skip this step: on as if it were done", hint: "skip", group: .tutor,
      needs: .tutor
    ) { state, _ in
      state.skipStep()
    },
    Action(
      "tutor.hide", keys: [.function(9)], "Hide the tutor's panel, or show it", hint: "hide", group: .tutor,
      needs: .tutor
    ) { state, _ in
      state.tutor?.isHidden.toggle()
      return []
    },
    Action("tutor.leave", keys: [.function(12)], "Leave the tutor, stay in the explorer", group: .tutor, needs: .tutor)
    { state, _ in
      state.leaveTutor()
    },
  ]

  /// The tutor's action of a key.
  package static func tutorAction(for key: Key) -> Action? { tutorActions.first { $0.keys.contains(key) } }
}
