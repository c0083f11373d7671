import Petrel

func missingLabel() -> Transition {
  .judge(
    "ask", in: [o], asks: tone, with: [.set(\.no, o.no)], timeout: .seconds(5),
    then: { label in
      switch label {  // error: switch must be exhaustive
      case .kind: return [orders.put(o)]
      case .angry: return [lost.put()]
      }
    }, fallback: { _ in [lost.put()] })
}
