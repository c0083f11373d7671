internal import CEL

extension NetCompilation {
  /// `params` of all files, with the values that the environment gives.
  func declareParameters() {
    var first = NameTable<SourceMark>()
    var isKnown = true
    for parameter in files.flatMap(\.parameters) {
      let path = NodePath("params", parameter.name.value)
      report.check(parameter.name, as: .identifier, kind: "parameter", path)
      guard !parameter.name.isUnreadable,
        first.insert(parameter.name.mark, as: parameter.name.value)
      else {
        report.clash(
          parameter.name, kind: "parameter", with: first[parameter.name.value] ?? .none, path)
        continue
      }
      let colour = types.colour(parameter.type, at: path) ?? .unknown
      let reader = LiteralReader(report: report, path: path)
      let standard = reader.value(of: parameter.literal, in: colour)
      let literal = given.first { $0.key.hasSameBytes(as: parameter.name.value) }?.value
      let value = literal.map { reader.value(of: $0, in: colour) } ?? standard
      // A literal that does not fit is told; what uses the parameter is checked all the same.
      if value == nil { isKnown = false }
      parameters.append((parameter.name.value, colour, value ?? colour.placeholder))
    }
    for name in given.keys.sorted(by: { $0.comesBefore($1) }) where first[name] == nil {
      guard let literal = given[name] else { continue }
      report.unknown(
        "parameter", Located(name, literal.mark), in: "the values given for '\(source.name.value)'",
        among: first.names, NodePath("params", name))
    }
    let type = RecordType(
      name: "params",
      fields: parameters.map { RecordType.Field($0.name, $0.colour.valueType) })
    let isInPart = files.contains { file in
      file.lacksImports || file.parameters.contains { $0.name.isUnreadable }
    }
    if isInPart { report.lacksFields(type) }
    let record = Record(type: type, fields: parameters.map(\.value))
    commonVariables = [
      Scope.Variable(
        "params", .record(type), constant: isKnown ? .record(record) : nil),
      Scope.Variable("unit", .null, constant: .null),
    ]
  }
}

extension NetCompilation {
  /// What expressions know of `input`; nothing where the type of the start place has mistakes.
  var inputType: ValueType { isInputKnown ? input?.valueType ?? .dyn : .dyn }
}

extension ColourSet {
  /// Some value of the type, ranges apart, for a net that will not compile anyway.
  fileprivate var placeholder: Value {
    switch self {
    case .unit, .optional: .null
    case .bool: .bool(false)
    case .int: .int(1)
    case .double: .double(1)
    case .string: .string("")
    case .bytes: .bytes([])
    case .timestamp: .timestamp(Timestamp(seconds: 0, nanoseconds: 0))
    case .duration: .duration(TimeSpan(seconds: 1, nanoseconds: 0))
    case .blob: .blob(Blob(digest: [], size: 0))
    case .enumeration(let type): .string(type.members.first ?? "")
    case .record(let record):
      .record(Record(type: record.type, fields: record.fields.map(\.colour.placeholder)))
    case .list: .list([])
    case .map: .map(MapValue())
    }
  }
}
