import Engine
package import Orchestration
package import PetriNet

/// The end tokens of a closed case, which left the marking with it: read from its rows.
package enum CaseResult {
  /// Rows of one case that are read at most; a longer trail is paged by `/events`.
  static let rowsMax = 20_000

  /// In arrival order: `{"place", "token", "value"}`, personal fields covered.
  package static func tokens(
    of row: CaseRow, net: Net, reading: any LogReading
  ) throws(StoreError) -> [JSONText.Node] {
    let ends = net.places.filter {
      if case .end = $0.kind { return true }
      return false
    }
    guard !row.endedIn.isEmpty else { return [] }
    let rows = try reading.rows(RowQuery(caseID: row.id), limit: rowsMax)
    var values: [TokenID: JSONText.Node] = [:]
    var result: [(id: TokenID, place: Place)] = []
    for row in rows {
      guard let body = try? JSONText.parse(row.body) else { continue }
      if row.kind == "caseMigrated" { result = [] }
      guard case .list(let tokens)? = body["tokens"] else { continue }
      for (index, token) in tokens.enumerated() {
        let id = TokenID(row.seq, Int32(clamping: index))
        values[id] = token["value"]
        if let same = token.textMember("same").flatMap({ APIName.tokenID($0) }) {
          if let known = values[same] {
            values[id] = known
          } else {
            values[id] = try written(same, reading)
          }
        }
        guard let name = token.textMember("place"),
          let place = ends.first(where: { $0.name == PlaceName(name) })
        else { continue }
        result.append((id, place))
      }
    }
    return result.map { id, place in
      .fields([
        ("place", .string(place.title)), ("token", .id(id)),
        ("value", shown(values[id] ?? .null, place.colour)),
      ])
    }
  }

  /// The value that a row of another case, or of none, wrote.
  private static func written(
    _ id: TokenID, _ reading: any LogReading
  ) throws(StoreError) -> JSONText.Node? {
    let query = RowQuery(after: Seq(id.seq.number - 1))
    guard let row = try reading.rows(query, limit: 1).first, row.seq == id.seq,
      let body = try? JSONText.parse(row.body), case .list(let tokens)? = body["tokens"],
      tokens.indices.contains(Int(id.index))
    else { return nil }
    return tokens[Int(id.index)]["value"]
  }

  /// A stored value as it is shown: personal fields, which are elsewhere, are covered.
  static func shown(_ node: JSONText.Node, _ colour: ColourSet) -> JSONText.Node {
    switch (node, colour) {
    case (.object, .record(let record)):
      .fields(
        record.fields.map { field in
          if field.isPersonal {
            return (field.name, node["~"] == nil ? nil : .string(ValueWriting.sealedText))
          }
          return (field.name, node[field.name].map { shown($0, field.colour) })
        })
    case (.list(let items), .list(let element, _)): .list(items.map { shown($0, element) })
    case (.object(let members), .map(let element)):
      .object(members.map { .init($0.name, shown($0.value, element)) })
    case (.number(let number), _):
      number.integer.map { .integer($0) } ?? node
    case (_, .optional(let wrapped)): node == .null ? .null : shown(node, wrapped)
    default: node
    }
  }
}
