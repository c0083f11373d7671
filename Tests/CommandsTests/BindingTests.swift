import Foundation
import Testing

/// petrel.yaml binds an action to a path: what it reads of the argument and of the reply has to be there.
@Suite struct BindingTests {
  private let folder: WorkingFolder

  init() throws { folder = try WorkingFolder() }

  /// What `check` says of the bindings after one line was changed.
  private func check(_ line: String, _ change: String) throws -> PetrelProcess.Result {
    let file = folder.url.appending(path: "petrel.yaml")
    let text = try String(contentsOf: file, encoding: .utf8)
    try #require(text.contains(line), "\(text)")
    try Data(text.replacingOccurrences(of: line, with: change).utf8).write(to: file)
    return try PetrelProcess.run(["check"], in: folder.url)
  }

  @Test(
    arguments: [
      ("{ordr}", "error[C402]: the action takes no field 'ordr'"),
      ("{order.id}", "error[C402]: '{id}' is no field"),
    ])
  func `a path that names what the action does not take is told`(
    field: String, sentence: String
  ) throws {
    let result = try check("{order}", field)

    #expect(result.code == 65 || result.code == 78)
    #expect((result.output + result.notes).contains(sentence), "\(result.output)\(result.notes)")
  }

  @Test(
    arguments: [
      (
        "query: {a: \"{nope}\"}\n    path: \"/orders/{ordr}\"",
        [
          "the action takes no field 'ordr'", "the action takes no field 'nope'",
        ]
      ),
      ("body: {p: [\"{paymnt}\"]}\n    path: \"/o\"", ["the action takes no field 'paymnt'"]),
      (
        "result: {nosuch: /id}\n    path: \"/o\"",
        [
          "the action returns no field 'nosuch'", "nothing says where 'id' stands in the reply",
        ]
      ),
      ("result: text\n    path: \"/o\"", ["'result: text' does not fit what the action returns"]),
      ("idempotency: {field: key}\n    path: \"/o\"", ["the key has no body to stand in"]),
    ])
  func `every part of a binding is held against the action`(
    change: String, sentences: [String]
  ) throws {
    let result = try check("path: \"/orders/{order}\"", change)

    for sentence in sentences {
      #expect((result.output + result.notes).contains(sentence), "\(result.output)\(result.notes)")
    }
  }
}
