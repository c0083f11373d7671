internal import CEL
internal import Engine
internal import Orchestration
internal import PetriNet
internal import Workflows

/// What comes from outside: starts, messages, tokens of shared places.
extension Trial {
  func fill(_ shared: [(place: Located<String>, values: [TestValue])]) throws {
    for (place, values) in shared {
      guard let index = net.place(titled: place.value) else { continue }
      for given in values {
        guard let value = value(given, of: net.places[index]) else { continue }
        let deposit = DepositToken(
          workflow: net.name, place: place.value, value: value, by: .local, why: "shared")
        note(take(.deposit(deposit)), path: "shared.\(place.value)", at: place.mark)
      }
    }
    try commit()
  }

  func start(_ start: TestCase.Start, _ index: Int) throws {
    let path = test.starts.count > 1 ? "start.\(index)" : "start"
    let starts = net.starts.map { net.places[$0] }
    let named = start.place.flatMap { name in
      starts.first { $0.title.utf8.elementsEqual(name.value.utf8) }
    }
    guard let place = start.place == nil ? starts.first : named else {
      return refuse(path, .noSuchPlace, at: start.value.mark)
    }
    let (value, findings) = start.value.value(in: place.colour)
    guard let value else {
      guard test.expectation.error != nil else { return tell(findings) }
      return refuse(path, .valueNotInColourSet, at: start.value.mark)
    }
    let command = Command.start(
      StartCase(workflow: net.name, place: start.place?.value, value: value, by: .local))
    guard let key = start.key else {
      return note(take(command), path: path, at: start.value.mark)
    }
    let request = RequestKey(
      route: "start", by: .local, key: Array(key.utf8), body: Array(start.value.json.text.utf8))
    let lookups = Lookups { [judge] in judge.silence(of: $0) }
    switch try core.take(Submission(command, key: request), at: now, lookups: lookups) {
    case .success(let submitted): note(submitted.reply, path: path, at: start.value.mark)
    case .failure: refuse(path, .keyReused, at: start.value.mark)
    }
  }

  func message(_ message: TestCase.Message, _ index: Int) {
    let path = "messages.\(index)"
    guard let place = net.place(titled: message.place.value) else {
      return refuse(path, .noSuchPlace, at: message.place.mark)
    }
    let (value, findings) = message.value.value(in: net.places[place].colour)
    guard let value else {
      guard test.expectation.error != nil else { return tell(findings) }
      return refuse(path, .valueNotInColourSet, at: message.value.mark)
    }
    let command = DepositMessage(
      workflow: net.name, place: message.place.value, value: value, by: .local)
    note(take(.depositMessage(command)), path: path, at: message.place.mark)
  }

  func value(_ given: TestValue, of place: Place) -> Value? {
    let (value, findings) = given.value(in: place.colour)
    if value == nil { tell(findings) }
    return value
  }

  func note(_ reply: Reply, path: String, at mark: SourceMark) {
    switch reply {
    case .refused(let refusal, _): refuse(path, refusal.reason, at: mark)
    case .placeFull: refuse(path, .placeFull, at: mark)
    default: break
    }
  }

  func refuse(_ path: String, _ reason: RefusalReason, at mark: SourceMark) {
    refusals.append(RefusedInput(path: path, reason: reason, mark: mark, at: now))
  }
}
