/// A value of the environment: its default stands in the net, `petrel.yaml` may give another.
public struct Parameter<Value: LiteralType>: DeclaredParameter {
  /// As the file spells it.
  public let name: String
  let standard: Value

  /// Named as the file spells it.
  public init(_ name: String, _ standard: Value) {
    self.name = name
    self.standard = standard
  }

  /// The parameter in formulas.
  public var value: Formula<Value> { Formula(text: "params.\(name)") }

  /// Its entry in the file.
  public var entry: ParameterEntry {
    ParameterEntry(
      text: "\(Value.spelling.text) = \(standard.literalText)", type: Value.spelling)
  }
}

/// A ``Parameter`` of whatever type.
public protocol DeclaredParameter: Sendable {
  var name: String { get }
  /// Its entry in the file.
  var entry: ParameterEntry { get }
}

/// What a file says of a parameter.
public struct ParameterEntry: Sendable {
  let text: String
  let type: TypeSpelling
}

/// What opens, names and ends a case.
public struct CaseRules: Sendable {
  /// What a second start with the key of an open case does.
  public enum Again: String, Sendable { case join, refuse }

  let entries: [(key: String, value: YamlText)]

  /// - Parameters:
  ///   - key: the business key.
  ///   - keep: how long a closed case still answers its key.
  ///   - subject: whom the personal fields are about.
  ///   - cancel: where a cancellation puts a token.
  public init(
    key: Formula<String>? = nil, again: Again? = nil, keep: Formula<Duration>? = nil,
    labels: [(name: String, value: Formula<String>)] = [], subject: Formula<String>? = nil,
    partition: Formula<String>? = nil, cancel: Place<Cancellation>? = nil
  ) {
    var entries: [(key: String, value: YamlText)] = []
    if let key { entries.append(("key", .scalar(key.text))) }
    if let again { entries.append(("again", .scalar(again.rawValue))) }
    if let keep { entries.append(("keep", .scalar(keep.spelled))) }
    if !labels.isEmpty {
      entries.append(("labels", .map(labels.map { ($0.name, .scalar($0.value.text)) })))
    }
    if let subject { entries.append(("subject", .scalar(subject.text))) }
    if let partition { entries.append(("partition", .scalar(partition.text))) }
    if let cancel { entries.append(("cancel", .scalar(cancel.name))) }
    self.entries = entries
  }
}

/// The token of a cancellation.
public struct Cancellation: Record {
  /// Who cancelled.
  public var by: String
  /// What for.
  public var why: String

  /// As `case.cancel` wants them.
  public static let fields = [
    Field("by", \Cancellation.by), Field("why", \Cancellation.why),
  ]
  /// Written without a name.
  public static var isInline: Bool { true }
}

/// A claim about the net.
public struct Invariant: Sendable {
  let name: String
  let node: YamlText

  /// Always so; numbers of tokens are read by ``NetPlace/count``.
  ///
  /// - Parameter field: the tokens are counted apart by the values of this field.
  public static func always(
    _ name: String, _ claim: Formula<Bool>, by field: String? = nil
  ) -> Invariant {
    guard let field else { return Invariant(name: name, node: .scalar(claim.text)) }
    return Invariant(
      name: name, node: .map([("by", .scalar(field)), ("always", .scalar(claim.text))]))
  }

  /// So at some time.
  public static func eventually(_ name: String, _ claim: Formula<Bool>) -> Invariant {
    Invariant(name: name, node: .map([("eventually", .scalar(claim.text))]))
  }

  /// Whenever the first is so, the second will be.
  public static func leads(
    _ name: String, _ first: Formula<Bool>, to second: Formula<Bool>
  ) -> Invariant {
    Invariant(
      name: name, node: .map([("leads", .list([.scalar(first.text), .scalar(second.text)]))]))
  }
}

extension NetPlace {
  /// How many tokens are here, in an ``Invariant``.
  public var count: Formula<Int> { Formula(text: name) }
}

/// Tokens put by the clock.
public struct Schedule: Sendable {
  let name: String
  let node: YamlText

  /// - Parameters:
  ///   - cron: five fields.
  ///   - missed: whether one is made up for, when the service was down.
  public init(
    _ name: String, cron: String, zone: String? = nil, puts: [Put], missed: Missed? = nil
  ) {
    self.name = name
    var entries: [(key: String, value: YamlText)] = [("cron", .scalar(cron))]
    if let zone { entries.append(("zone", .scalar(zone))) }
    entries.append(("put", Transition.outputs(puts)))
    if let missed { entries.append(("missed", .scalar(missed.rawValue))) }
    node = .map(entries)
  }

  /// What follows a time at which nothing ran.
  public enum Missed: String, Sendable { case skip, one }
}

/// A library: what several workflows share.
public struct Library: Sendable {
  let name: String
  /// As importers name it.
  let file: String
  let imports: [Library]
  let parts: NetParts

  /// - Parameter file: as the `import:` of a file would name it; default: the name and `.yaml`.
  public init(
    _ name: String, file: String? = nil, imports: [Library] = [],
    parameters: [any DeclaredParameter] = [], types: [any TokenType.Type] = [],
    actions: [any DeclaredAction] = [], places: [any NetPlace] = []
  ) {
    self.name = name
    self.file = file ?? "\(name).yaml"
    self.imports = imports
    parts = NetParts(
      parameters: parameters, types: types, actions: actions, places: places, transitions: [])
  }

  /// As a file.
  public var yaml: String {
    YamlText.map(
      [("library", .scalar(name))] + NetParts.imports(imports)
        + parts.entries(without: NetParts.names(of: imports))
    ).file
  }
}

/// A net written in Swift: the same net as a workflow file, registered with
/// `Application.main(workflows:)`.
///
/// ```swift
/// let asked = StartPlace<Order>("asked")
/// let done = EndPlace<Unit>("done")
/// let o = asked.token("o")
/// let workflow = Workflow(
///   "orders", places: [asked, done],
///   transitions: [.plain("finish", in: [o], guard: o.count > 0, puts: done.put())])
/// ```
///
/// It is checked like a file when it is loaded; ``yaml`` is the file.
public struct Workflow: Sendable {
  /// As the file spells it.
  public let name: String
  let imports: [Library]
  let parts: NetParts
  let rest: [(key: String, value: YamlText)]
  let caseRules: CaseRules?

  /// - Parameters:
  ///   - types: declared beside those that places, actions and forms use.
  ///   - transitions: in the order that the firing rule uses.
  ///   - accepted: findings accepted in writing, by code.
  public init(
    _ name: String, imports: [Library] = [], parameters: [any DeclaredParameter] = [],
    types: [any TokenType.Type] = [], actions: [any DeclaredAction] = [],
    case caseRules: CaseRules? = nil, places: [any NetPlace], transitions: [Transition],
    invariants: [Invariant] = [], schedules: [Schedule] = [],
    accepted: [(code: String, reason: String)] = []
  ) {
    self.name = name
    self.imports = imports
    self.caseRules = caseRules
    parts = NetParts(
      parameters: parameters, types: types, actions: actions, places: places,
      transitions: transitions)
    var rest: [(key: String, value: YamlText)] = []
    if !invariants.isEmpty {
      rest.append(("invariants", .map(invariants.map { ($0.name, $0.node) })))
    }
    if !schedules.isEmpty {
      rest.append(("schedules", .map(schedules.map { ($0.name, $0.node) })))
    }
    if !accepted.isEmpty {
      rest.append(("accept", .map(accepted.map { ($0.code, .scalar($0.reason)) })))
    }
    self.rest = rest
  }

  /// As a file; its bytes are the definition's text in the log.
  public var yaml: String {
    YamlText.map(
      [("workflow", .scalar(name))] + NetParts.imports(imports)
        + parts.entries(
          without: NetParts.names(of: imports), caseRules: caseRules.map { .map($0.entries) })
        + rest
    ).file
  }

  /// The libraries it stands on, each once, by the names of their files.
  package var libraries: [(file: String, yaml: String)] {
    var found: [(file: String, yaml: String)] = []
    func visit(_ libraries: [Library]) {
      for library in libraries where !found.contains(where: { $0.file == library.file }) {
        found.append((library.file, library.yaml))
        visit(library.imports)
      }
    }
    visit(imports)
    return found
  }
}

/// What workflows and libraries have in common.
struct NetParts: Sendable {
  let parameters: [any DeclaredParameter]
  let types: [any TokenType.Type]
  let actions: [any DeclaredAction]
  let places: [any NetPlace]
  let transitions: [Transition]

  static func imports(_ libraries: [Library]) -> [(key: String, value: YamlText)] {
    libraries.isEmpty ? [] : [("import", .list(libraries.map { .scalar($0.file) }))]
  }

  /// The types that these libraries declare.
  static func names(of libraries: [Library]) -> Set<String> {
    libraries.reduce(into: []) { names, library in
      names.formUnion(Self.names(of: library.imports))
      names.formUnion(library.parts.declarations.map(\.name))
    }
  }

  /// Each once, in the order in which they are met.
  var declarations: [(name: String, node: YamlText)] {
    let spellings =
      types.map { $0.spelling } + parameters.map(\.entry.type) + actions.flatMap(\.entry.types)
      + places.map(\.entry.type) + transitions.flatMap(\.types)
    var seen: Set<String> = []
    return spellings.flatMap(\.declarations).filter { seen.insert($0.name).inserted }
  }

  func entries(
    without imported: Set<String>, caseRules: YamlText? = nil
  ) -> [(key: String, value: YamlText)] {
    let types = declarations.filter { !imported.contains($0.name) }
    var entries: [(key: String, value: YamlText)] = []
    func add(_ key: String, _ items: [(key: String, value: YamlText)]) {
      if !items.isEmpty { entries.append((key, .map(items))) }
    }
    add("params", parameters.map { ($0.name, .scalar($0.entry.text)) })
    add("types", types.map { ($0.name, $0.node) })
    add("actions", actions.map { ($0.name, $0.entry.node) })
    if let caseRules { entries.append(("case", caseRules)) }
    add("places", places.map { ($0.name, $0.entry.node) })
    add("transitions", transitions.map { ($0.name, $0.node) })
    return entries
  }
}
