import PetriNet

/// Two people, played by a script over the HTTP API; a second approval is given by the other one.
struct People: Sendable {
  private static let names = ["ada", "bo"]

  let caller: Caller
  let url: String
  /// Tasks of these cases are not answered.
  var leaving: Set<String> = []

  /// One look: answers every offer once, whatever comes of it.
  ///
  /// - Returns: How many offers stood there; nil if the service did not answer.
  func look() async -> Int? {
    let reply = await caller.send("GET", url + "/v1/tasks?limit=500")
    guard reply.isGood else { return nil }
    let tasks = reply.json.list("items").filter { !leaving.contains($0.text("case") ?? "") }
    await withTaskGroup(of: Void.self) { group in
      for (index, task) in tasks.enumerated() {
        if index >= 8 { await group.next() }
        if let id = task.text("id") { group.addTask { await answer(id) } }
      }
    }
    return tasks.count
  }

  /// Every fourth is rejected. Whom four eyes forbid to answer, the other one stands in for.
  private func answer(_ id: String) async {
    let draw = id.utf8.reduce(UInt64(1_469)) { ($0 ^ UInt64($1)) &* 1_099_511_628_211 } >> 7
    let isApproved = draw % 4 != 0
    var body: [JSONText.Member] = [
      .init("outcome", .string(isApproved ? "approve" : "reject"))
    ]
    if !isApproved { body.append(.init("form", .object([.init("why", .string("not now"))]))) }
    for turn in 0..<Self.names.count {
      var person = caller
      person.person = Self.names[(Int(draw % 2) + turn) % Self.names.count]
      let current = await person.send("GET", url + "/v1/tasks/\(id)")
      guard current.status == 200, let tag = current.tag else { return }
      let reply = await person.send(
        "POST", url + "/v1/tasks/\(id):answer", body: .object(body),
        headers: [("If-Match", tag), ("Idempotency-Key", "\(id)-\(turn)")])
      guard reply.status == 403 else { return }
    }
  }
}
