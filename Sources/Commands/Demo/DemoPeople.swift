internal import Foundation
internal import PetriNet
internal import Synchronization

/// Two people, played by a script: `ada` and `보라` answer tasks over the HTTP API, as they would
/// from a page, the two approvals of a large refund by different ones.
final class DemoPeople: Sendable {
  private struct State {
    var answered = 0
    var refused = 0
    /// Cases whose tasks stay open, so that there is something to look at.
    var left: Set<String> = []
    var busy: Set<String> = []
  }

  private let clients: [ServiceClient]
  private let leave: Int
  private let state = Mutex(State())

  /// - Parameters:
  ///   - clients: one for each person.
  ///   - leave: how many tasks are not answered.
  init(clients: [ServiceClient], leave: Int) {
    self.clients = clients
    self.leave = leave
  }

  var answered: Int { state.withLock { $0.answered } }

  /// Ids of the cases whose task stays open.
  var left: Set<String> { state.withLock { $0.left } }

  /// One look at the offers; answers those that nobody answers yet.
  ///
  /// - Returns: how many offers stand open besides those that are left.
  func look() async throws -> Int {
    let tasks = try await clients[0].json("GET", "/v1/tasks?limit=500").list("items")
    let wanted = state.withLock { state in
      tasks.filter { task in
        guard let id = task.text("id"), let owner = task.text("case") else { return false }
        if state.left.contains(owner) { return false }
        if state.left.count < leave, task.text("group") == "agents" {
          state.left.insert(owner)
          return false
        }
        return state.busy.insert(id).inserted
      }
    }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for task in wanted { group.addTask { try await self.answer(task) } }
      try await group.waitForAll()
    }
    return wanted.count
  }

  private func answer(_ task: JSONText.Node) async throws {
    guard let id = task.text("id") else { return }
    let draw = Self.draw(id + (task.text("case") ?? ""))
    // A second approval is refused to the one who gave the first; then the other one answers.
    let first = Int(draw % UInt64(clients.count))
    for turn in 0..<clients.count {
      let client = clients[(first + turn) % clients.count]
      let current = try await client.send("GET", "/v1/tasks/\(id)")
      guard current.status == 200, let tag = current.header("etag") else { return }
      let isApproved = draw % 4 != 0
      var body: [JSONText.Member] = [
        .init("outcome", .string(isApproved ? "approve" : "reject"))
      ]
      if !isApproved {
        body.append(.init("form", .object([.init("why", .string("not within the terms"))])))
      }
      let reply = try await client.send(
        "POST", "/v1/tasks/\(id):answer", body: .object(body), headers: [("If-Match", tag)])
      if (200..<300).contains(reply.status) {
        state.withLock { $0.answered += 1 }
        return
      }
      guard reply.status == 403 else { break }
      state.withLock { $0.refused += 1 }
    }
    // Withdrawn, or answered meanwhile: the next look tells.
    state.withLock { _ = $0.busy.remove(id) }
  }

  /// The same for the same text, in every run.
  static func draw(_ text: String) -> UInt64 {
    text.utf8.reduce(14_695_981_039_346_656_037) { ($0 ^ UInt64($1)) &* 1_099_511_628_211 } >> 7
  }
}
