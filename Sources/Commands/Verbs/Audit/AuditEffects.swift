internal import ArgumentParser
internal import Orchestration
internal import PetriNet
internal import SQLiteStore

/// `petrel audit effects`.
struct AuditEffects: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "effects",
    abstract: "Every action that was begun, its outcome and its idempotency key.",
    discussion: """
      Exit code 1 where an outcome stands in the log without an intent before it, or where two
      actions have one key.
      Examples:
        petrel audit effects --action payments.refund
        petrel audit effects --database demo/petrel.db -o jsonl
      """)

  @Option(help: "Of this action.")
  var action: String?
  @OptionGroup var service: ServiceOptions

  func run() async throws {
    guard case .file(let path) = try service.destination.destination() else {
      throw Failure(.wrongCall, "C101", "an audit reads the log's file: --database petrel.db")
    }
    let reader = try LogFile.reader(path)
    do {
      try tell(
        try effects(reader), without: try reader.outcomesWithoutIntent(),
        pruned: try reader.rowsPruned())
    } catch let error as StoreError {
      throw Failure(error)
    }
  }

  private func effects(_ reader: LogReader) throws -> [EffectRow] {
    var effects: [EffectRow] = []
    var after: Int64 = 0
    while true {
      let page = try reader.effects(after: after, limit: 2_000)
      effects += page
      guard page.count == 2_000, let last = page.last else { return effects }
      after = last.firing
    }
  }

  private func tell(_ all: [EffectRow], without intents: [Int64], pruned: Int64) throws {
    let shown = all.filter { effect in
      action.map { $0.utf8.elementsEqual(effect.action.utf8) } ?? true
    }
    if service.output.format == .table {
      var table = Table(
        ["FIRING", "CASE", "ACTION", "STARTED", "OUTCOME", "IDEMPOTENCY KEY"].map { .init($0) })
      for effect in shown {
        table.add([
          "#\(effect.firing)", effect.caseNumber.map { "c\($0)" } ?? "-", effect.action,
          effect.started, effect.outcome ?? "under way", effect.key,
        ])
      }
      table.print()
    } else {
      JSONDocument(schema: "petrel.effects/1", items: shown.map(\.node)).print(
        as: service.output.format)
    }
    let keys = Set(all.map { Array($0.key.utf8) }).count
    let open = all.filter { $0.outcome == nil }.count
    service.talk.note(
      "\(all.count) actions begun, \(keys) distinct keys, \(open) under way; "
        + "\(intents.count) outcomes without an intent before them")
    if pruned > 0 {
      service.talk.note("\(pruned) rows have left the log by their age, with what they began")
    }
    guard intents.isEmpty else {
      let rows = intents.prefix(10).map { "#\($0)" }.joined(separator: ", ")
      throw Failure(.no, "S401", "an outcome has no intent before it: \(rows)")
    }
    guard keys == all.count else {
      throw Failure(.no, "S401", "\(all.count) actions have \(keys) keys: one is used twice")
    }
  }
}

extension EffectRow {
  fileprivate var node: JSONText.Node {
    .object([
      .init("firing", .string("f\(firing)")), .init("case", .text(caseNumber.map { "c\($0)" })),
      .init("action", .string(action)), .init("started", .string(started)),
      .init("outcome", .text(outcome)), .init("idempotency_key", .string(key)),
    ])
  }
}
