import Foundation
import Testing

@Suite struct InitTests {
  @Test func `the refund example is the house's own workflow, prompt and tests`() throws {
    let folder = try WorkingFolder()

    _ = try PetrelProcess.run(["init", "new"], in: folder.url)

    #expect(
      folder.bytes(of: "new/workflows/refund-triage.yaml")
        == folder.bytes(of: "workflows/refund-triage.yaml"))
    #expect(
      folder.bytes(of: "new/workflows/lib-payments.yaml")
        == folder.bytes(of: "workflows/lib-payments.yaml"))
    #expect(
      folder.bytes(of: "new/prompts/refund-intent.md")
        == folder.bytes(of: "prompts/refund-intent.md"))
    #expect(
      folder.bytes(of: "new/tests/refund-triage.yaml")
        == folder.bytes(of: "workflows/tests/refund-triage.yaml"))
  }

  @Test func `the scraper example is the house's own workflow and tests`() throws {
    let folder = try WorkingFolder()
    let house = WorkingFolder.root.appending(path: "workflows")

    _ = try PetrelProcess.run(["init", "new", "--example", "scraper"], in: folder.url)

    #expect(
      folder.bytes(of: "new/workflows/scrape.yaml")
        == FileManager.default.contents(atPath: house.appending(path: "scrape.yaml").path))
    #expect(
      folder.bytes(of: "new/tests/scrape.yaml")
        == FileManager.default.contents(atPath: house.appending(path: "tests/scrape.yaml").path))
  }

  @Test(arguments: ["refund", "scraper", "empty"])
  func `a new project checks and its tests pass`(_ example: String) throws {
    let folder = try WorkingFolder()
    _ = try PetrelProcess.run(["init", "new", "--example", example], in: folder.url)
    let new = folder.url.appending(path: "new")

    let results = try [["check"], ["test"]].map { try PetrelProcess.run($0, in: new) }

    #expect(results.map(\.code) == [0, 0])
    #expect(results[0].output.contains("0 errors, 0 warnings, 0 notes"))
    #expect(results[1].output.contains(" 0 failed.") && !results[1].output.contains("not covered"))
  }

  @Test func `nothing is overwritten`() throws {
    let folder = try WorkingFolder()
    let before = folder.bytes(of: "petrel.yaml")

    let result = try PetrelProcess.run(["init", "."], in: folder.url)

    #expect(result.code == 1)
    #expect(folder.bytes(of: "petrel.yaml") == before)
  }
}
