internal import ArgumentParser
internal import Foundation
internal import Orchestration
internal import Record
internal import SQLiteStore

/// `petrel restore`.
struct RestoreVerb: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "restore",
    abstract: "Goes on with a log that lacks rows which its anchors know, and says so in it.",
    discussion: """
      After a backup was put back, the last anchors are of rows that are gone, or keys are missing
      without an event, and the service does not start. This names what is lost; with --accept-loss
      it is written into the log, where everybody who verifies it sees it. Exit code 1 where
      something is lost and not accepted.
      Examples:
        petrel restore
        petrel restore --accept-loss
      """)

  @Flag(help: "Writes the event, so that the log is opened again.")
  var acceptLoss = false

  @OptionGroup var service: ServiceOptions

  func run() async throws {
    let path = try service.auditedPath()
    try LogOwner.run(path, accepting: true) { store in
      let loss = try store.loss()
      let keys = try store.keysMissing()
      if let loss {
        let head = store.identity.lastSeq.number
        Console.print(
          "the last anchor is of \(loss.anchor.size) rows, the log ends at #\(head): "
            + "\(loss.rows) rows are lost or replaced, from #\(loss.anchor.size - loss.rows + 1) on"
        )
      }
      if let first = keys.first {
        Console.print(
          "\(keys.count) keys are gone without an event, the first of them key \(first)")
      }
      guard loss != nil || !keys.isEmpty else {
        return service.talk.note(
          "nothing is lost: the last anchor and the keys are there")
      }
      guard acceptLoss else {
        throw Failure(
          .no, loss == nil ? "S114" : "S119",
          loss == nil
            ? "what is sealed under those keys cannot be read"
            : "effects of those rows may have been performed, and nothing here says so",
          help: "look for the newer files; petrel restore --accept-loss goes on without them")
      }
      let now = MonotonicClock().now()
      if let loss {
        Console.print("written as #\(try store.giveUp(loss, at: now).number): those rows are lost")
      }
      if !keys.isEmpty {
        let seq = try store.giveUp(keys: keys, at: now).number
        Console.print("written as #\(seq): what is sealed under those keys counts as erased")
      }
      Console.print("the service starts again")
    }
  }
}

/// Holds a log for one change that no workflow asks for.
enum LogOwner {
  static func run(
    _ path: String, accepting: Bool = false, _ body: (SQLiteStore) throws -> Void
  ) throws {
    try LogFile.requireLog(path)
    let configuration = try LogFile.configuration(of: path)
    let kek = try Service.keyEncryptionKey(configuration, log: path)
    try auditing {
      var options = try SQLiteStore.Options(configuration, database: path, kek: kek)
      options.acceptsLoss = accepting
      let store = try SQLiteStore.open(options)
      defer { store.close() }
      try store.fold { _ in }
      try body(store)
    }
  }
}
