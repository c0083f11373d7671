import Petrel

func missingEnd() -> Transition {
  .call(
    "deep", in: [o], calls: Callee<Order, Ends>("pay"), with: .token(o),
    then: { end in
      switch end {  // error: switch must be exhaustive
      case .paid: return .puts(lost.put())
      }
    }, cancelled: [])
}
