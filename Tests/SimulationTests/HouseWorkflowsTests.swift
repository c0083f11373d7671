import Simulation
import Testing

@Suite struct HouseWorkflowsTests {
  @Test(arguments: House.names)
  func `every case of the house's workflows passes and every outcome is reached`(
    _ name: String
  ) throws {
    let runner = try House.runner(name)

    let report = try runner.run()

    let failed = report.cases.filter { !$0.isPassed }.map { "\($0.name.value): \($0.mismatches)" }
    #expect(failed == [])
    #expect(report.coverage.notCovered == [])
    #expect(report.shortfalls == [])
    #expect(report.isPassed)
  }

  @Test func `equal seeds give equal rows`() throws {
    let runner = try House.runner("refund-triage")

    let reports = try [runner.run(), runner.run()]

    #expect(reports[0].cases.map(\.lines) == reports[1].cases.map(\.lines))
  }

  @Test func `another seed gives other waits and the same firings`() throws {
    let first = try House.runner("refund-triage").run()
    let other = try House.runner("refund-triage", seed: 99).run()

    #expect(first.cases.map(\.trail) == other.cases.map(\.trail))
    #expect(first.cases.map(\.lines) != other.cases.map(\.lines))
  }
}
