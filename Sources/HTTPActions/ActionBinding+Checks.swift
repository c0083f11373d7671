package import PetriNet

extension ActionBinding {
  /// What is wrong with binding `declaration` like this, as far as types tell; empty if nothing is.
  package func problems(for declaration: ActionDeclaration) -> [HTTPActionsProblem] {
    var problems: [HTTPActionsProblem] = []
    if idempotency == .none, declaration.effect == .final {
      problems.append(.idempotencyMissing(action: action.text))
    }
    let texts = [path] + query.map(\.text) + headers.map(\.text)
    for field in texts.compactMap({ FieldTemplate($0) }).flatMap(\.fields)
    where !Self.has(field, declaration.takes) {
      problems.append(
        .unknownField(action: action.text, field: field.joined(separator: ".")))
    }
    return problems
  }

  private static func has(_ path: [String], _ colour: ColourSet) -> Bool {
    guard let name = path.first else { return true }
    switch colour {
    case .optional(let wrapped): return has(path, wrapped)
    case .map(let element): return has(Array(path.dropFirst()), element)
    case .record(let record):
      guard let index = record.type.index(of: name) else { return false }
      return has(Array(path.dropFirst()), record.fields[index].colour)
    default: return false
    }
  }
}
