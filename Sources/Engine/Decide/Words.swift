import PetriNet

/// What a person says beside a command, and where a refusal of it is told.
private struct Words {
  var kind: CommandKind
  var text: String
  var caseID: CaseID?
  var by: Subject
  var request: RequestIdentity?

  init?(
    _ kind: CommandKind, _ text: String?, _ caseID: CaseID? = nil, by: Subject,
    _ request: RequestIdentity? = nil
  ) {
    guard let text else { return nil }
    self.kind = kind
    self.text = text
    self.caseID = caseID
    self.by = by
    self.request = request
  }
}

extension State {
  /// A refusal, if what a person says beside the command is longer than a row takes.
  func refusalOfWords(_ command: Command) -> Decision? {
    guard let words = words(of: command), words.text.utf8.count > index.limits.textBytesMax
    else { return nil }
    return refuse(
      Refusal(words.kind, .tooLarge), words.caseID, by: words.by, request: words.request)
  }

  private func words(of command: Command) -> Words? {
    switch command {
    case .deposit(let command): Words(.deposit, command.why, by: command.by, command.request)
    case .withdraw(let command): Words(.withdraw, command.why, by: command.by, command.request)
    case .cancel(let command):
      Words(.cancel, command.why, cases[command.caseID]?.id, by: command.by, command.request)
    case .terminate(let command):
      Words(.terminate, command.why, cases[command.caseID]?.id, by: command.by, command.request)
    case .answer(let command):
      Words(
        .answer, command.note, offers[command.task]?.caseID, by: command.by, command.request)
    case .resolveIncident(let command):
      Words(.resolve, command.why, incidents[command.incident]?.caseID, by: command.by)
    case .settle(let command):
      Words(
        .settle, command.why, firings[command.firing]?.caseID, by: command.by, command.request)
    case .label(let command):
      Words(
        .label, command.label + (command.why ?? ""), command.caseID, by: command.by,
        command.request)
    case .pause(let command): Words(.pause, command.why, by: command.by)
    case .resume(let command): Words(.resume, command.why, by: command.by)
    case .activate(let command): Words(.activate, command.why, by: command.by, command.request)
    default: nil
    }
  }
}

extension SealedText {
  /// What another system or an action says of a failure; what is longer than `limit` bytes is cut
  /// between two characters and ends in an ellipsis.
  init?(_ text: String?, cutAt limit: Int) {
    guard let text else { return nil }
    guard text.utf8.count > limit else {
      self.init(text)
      return
    }
    var end = text.utf8.index(text.utf8.startIndex, offsetBy: limit)
    while end.samePosition(in: text.unicodeScalars) == nil { end = text.utf8.index(before: end) }
    self.init(String(text.unicodeScalars[..<end]) + "…")
  }
}
