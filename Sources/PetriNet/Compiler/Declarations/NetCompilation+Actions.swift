internal import CEL

extension NetCompilation {
  /// Names that stand for actions which every net has (CONFIG §1).
  enum BuiltInAction: String, CaseIterable {
    case httpRequest = "http.request"
    case logWrite = "log.write"
    case caseStart = "case.start"
  }

  func declareActions() {
    for file in files {
      for action in file.actions { declare(action) }
    }
  }

  private func declare(_ source: ActionSource) {
    let name = source.name
    let path = NodePath("actions", name.value)
    report.check(name, as: .dotted, kind: "action", path)
    if name.isUnreadable {
      _ = (
        types.colour(source.takes, at: path["takes"]),
        types.colour(source.returns, at: path["returns"])
      )
      return
    }
    if BuiltInAction(rawValue: name.value) != nil {
      report.error(
        "F125", "'\(name.value)' is a built-in action", at: name.mark, path, found: name.value,
        expected: "another name; built-in actions are there undeclared")
      return
    }
    if let first = actionIndices[name.value] {
      let mark = actions[first].source?.name.mark ?? .none
      report.clash(name, kind: "action", with: mark, path)
      return
    }
    let takes = types.colour(source.takes, at: path["takes"])
    let returns = types.colour(source.returns, at: path["returns"])
    let effect = effect(source, at: path["effect"])
    let declaration = ActionDeclaration(
      name: ActionName(name.value), takes: takes ?? .unknown, returns: returns ?? .unknown,
      effect: effect)
    _ = actionIndices.insert(actions.count, as: name.value)
    actions.append(
      DeclaredAction(
        declaration: declaration, source: source,
        isResultUntrusted: source.returns.trust == .untrusted))
    netActions.append(declaration)
  }

  private func effect(_ source: ActionSource, at path: NodePath) -> ActionDeclaration.Effect {
    guard let word = source.effect else { return .final }
    if let effect = ActionDeclaration.Effect(rawValue: word.value) { return effect }
    let known = ["none", "repeatable", "final"]
    report.error(
      "F124", "'\(word.value)' is no effect", at: word.mark, path, found: word.value,
      expected: "one of \(known.listed)", nearest: Nearest.name(to: word.value, among: known))
    return .final
  }

  /// Warns of this file's own actions that no transition uses; a library's are for its importers.
  func checkActionsAreUsed() {
    if lacksUses { return }
    var own = NameTable<Bool>()
    for action in source.actions { _ = own.insert(true, as: action.name.value) }
    for action in actions where !action.isUsed {
      guard let name = action.source?.name, own[name.value] != nil else { continue }
      report.warning(
        "P112", "no transition uses the action '\(name.value)'", at: name.mark,
        NodePath("actions", name.value), found: "no transition with action: \(name.value)",
        expected: "an action that is used", help: "delete the declaration, or use the action")
    }
  }

  /// The fixed part of `http.request`: what it takes and returns.
  static let httpRequest = ActionDeclaration(
    name: ActionName(BuiltInAction.httpRequest.rawValue),
    takes: .record(
      RecordColour(
        name: nil,
        fields: [
          .init(name: "service", colour: .string(max: nil)),
          .init(name: "method", colour: .string(max: nil)),
          .init(name: "path", colour: .string(max: nil)),
          .init(
            name: "query", colour: .map(.string(max: nil)), standard: .map(MapValue())),
          .init(
            name: "headers", colour: .map(.string(max: nil)), standard: .map(MapValue())),
          .init(name: "body", colour: .optional(.string(max: nil))),
        ])),
    returns: .record(
      RecordColour(
        name: nil,
        fields: [
          .init(name: "status", colour: .int(nil)),
          .init(name: "body", colour: .string(max: nil), isTrusted: false),
        ])),
    effect: .final)

  static let caseStartReturns = ColourSet.record(
    RecordColour(
      name: nil,
      fields: [
        .init(name: "case", colour: .string(max: nil)), .init(name: "joined", colour: .bool),
      ]))
}
