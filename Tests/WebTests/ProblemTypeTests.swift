import Engine
import Testing

@testable import Web

@Suite struct ProblemTypeTests {
  @Test func `no two types of problem have one code`() {
    let codes = ProblemType.allCases.map(\.code)

    #expect(Set(codes).count == codes.count)
    #expect(codes.allSatisfy { $0.wholeMatch(of: /[A-Z][1-9][0-9]{2}|X001/) != nil })
  }
}
