import Petrel

func missingUnknown() -> Transition {
  .action(
    "charge", in: [o],
    performs: charge,  // error: cannot convert value of type 'FinalAction
    with: .token(o), ok: { [receipts.put($0)] }, failed: { _ in [lost.put()] })
}
