import Petrel

func missingOutcome() -> Transition {
  .task(
    "look", in: r, title: "look",
    then: { (answer: Answer) in
      switch answer {  // error: switch must be exhaustive
      case .approve: return .puts(done.put(r))
      }
    })
}
