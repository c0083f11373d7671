import Petrel

func missingFallback() -> Transition {
  .judge(
    "ask", in: [o], asks: tone, with: [.set(\.no, o.no)], timeout: .seconds(5),
    then: { _ in [lost.put()] })  // error: missing argument for parameter 'fallback'
}
