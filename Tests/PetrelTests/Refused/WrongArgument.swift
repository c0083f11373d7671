import Petrel

func wrongArgument() -> Transition {
  .action(
    "charge", in: [r], performs: charge, with: .token(r),  // error: cannot convert value of type
    ok: { [receipts.put($0)] }, failed: { _ in [] }, unknown: { _ in [] })
}
