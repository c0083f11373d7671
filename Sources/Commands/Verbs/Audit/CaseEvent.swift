internal import Engine
internal import Orchestration
internal import PetriNet

/// A row of a case as process mining has it: an activity, a phase of its life, who, when.
struct CaseEvent {
  var seq: Int64
  var kind: String
  var activity: String
  /// Of XES's standard life cycle.
  var phase: String
  /// RFC 3339, in UTC, to the microsecond.
  var time: String
  var person: String?
  var outcome: String?
  /// Tokens that the row put, and took.
  var puts: [String]
  var takes: [String]

  private static let phases = [
    "verdictRequested": "start", "firingStarted": "start", "childStarted": "start",
    "taskOffered": "schedule", "taskClaimed": "assign", "taskReleased": "reassign",
    "taskWithdrawn": "withdraw", "attemptFailed": "suspend", "callRecorded": "suspend",
  ]

  /// The rows of one case turned into events; an outcome has the activity of what it ends.
  struct Naming {
    private var activities: [Int64: String] = [:]

    mutating func event(_ row: LogRow) throws -> CaseEvent {
      let body = try JSONText.parse(row.body)
      let begun = body.integer("firing") ?? body.integer("task") ?? body.integer("incident")
      let activity =
        body.text("transition") ?? begun.flatMap { activities[$0] } ?? row.kind
      activities[row.seq.number] = activity
      let made = body.list("tokens").count
      return CaseEvent(
        seq: row.seq.number, kind: row.kind, activity: activity,
        phase: CaseEvent.phases[row.kind] ?? "complete", time: CaseEvent.time(row.at),
        person: body.text("by"), outcome: body.text("outcome") ?? body.text("how"),
        puts: (0..<made).map { "\(row.seq.number).\($0)" },
        takes: body.list("consumed").flatMap(\.tokens) + body.list("withdrawn").flatMap(\.tokens))
    }
  }

  /// Six digits, whatever they are: programs compare times as text.
  private static func time(_ at: Instant) -> String {
    let text = TimeText.absolute(at)
    let parts = text.dropLast().split(separator: ".")
    let fraction = parts.count > 1 ? String(parts[1].prefix(6)) : ""
    return "\(parts[0]).\(fraction)\(String(repeating: "0", count: 6 - fraction.utf8.count))+00:00"
  }
}

extension JSONText.Node {
  /// A token, or the tokens of an arc with a count.
  var tokens: [String] {
    switch self {
    case .string(let token): [token]
    case .list(let items): items.flatMap(\.tokens)
    default: []
    }
  }
}
