import Testing

@testable import Orchestration

struct InboxTests {
  @Test func `requests beyond the limit are refused, results never are`() {
    let inbox = Inbox<Int>(limit: 2)

    let taken = (1...3).map { inbox.offer([$0]) }
    for number in 10...14 { inbox.put(number) }

    #expect(taken == [true, true, false])
    #expect(inbox.take(max: 100, until: 0) == [10, 11, 12, 13, 14, 1, 2])
  }

  @Test func `results are taken before requests, each in their order`() {
    let inbox = Inbox<Int>(limit: 10)
    _ = inbox.offer([1, 2, 3])
    inbox.put(7)
    inbox.put(8)

    let first = inbox.take(max: 3, until: 0)
    let second = inbox.take(max: 3, until: 0)

    #expect(first == [7, 8, 1])
    #expect(second == [2, 3])
  }

  @Test func `a closed inbox takes no request and still takes results`() {
    let inbox = Inbox<Int>(limit: 10)
    inbox.close()

    let isTaken = inbox.offer([1])
    inbox.put(2)

    #expect(!isTaken)
    #expect(inbox.take(max: 10, until: 0) == [2])
  }

  @Test func `a batch goes in whole or not at all`() {
    let inbox = Inbox<Int>(limit: 3)

    let taken = [inbox.offer([1, 2]), inbox.offer([3, 4]), inbox.offer([5])]

    #expect(taken == [true, false, true])
    #expect(inbox.take(max: 10, until: 0) == [1, 2, 5])
  }
}
