/// A workflow or library as written: the whole grammar of a net, names not yet resolved and
/// expressions still text. Files and nets written in Swift both become this; `NetCompiler` makes a
/// `Net` of it.
package struct NetSource: Sendable {
  package enum Kind: Sendable { case workflow, library }

  package var kind: Kind
  package var name: Located<String>
  /// The libraries it imports, in order, each already read (with its own imports in turn).
  package var imports: [NetSource] = []
  /// Whether a library that it imports could not be read, so that names of it are not known.
  package var lacksImports = false
  /// Whether mistakes were told while it was read.
  package var isBroken = false
  package var parameters: [ParameterSource] = []
  package var types: [TypeDeclarationSource] = []
  package var actions: [ActionSource] = []
  package var caseRules: CaseSource?
  package var places: [PlaceSource] = []
  package var transitions: [TransitionSource] = []
  package var invariants: [InvariantSource] = []
  package var schedules: [ScheduleSource] = []
  package var accepted: [AcceptedFinding] = []
  /// Path of the file, "" for none; and its exact bytes, which are the definition's text.
  package var file: String
  package var text: [UInt8]

  package init(kind: Kind, name: Located<String>, file: String = "", text: [UInt8] = []) {
    self.kind = kind
    self.name = name
    self.file = file
    self.text = text
  }
}

package struct ParameterSource: Sendable {
  package var name: Located<String>
  package var type: TypeSource
  package var literal: LiteralSource

  package init(name: Located<String>, type: TypeSource, literal: LiteralSource) {
    self.name = name
    self.type = type
    self.literal = literal
  }
}

/// A type as written (`personal string max 4000`, `list<Item> max 50`, `T?`).
package struct TypeSource: Sendable {
  package indirect enum Shape: Sendable {
    /// A built-in (`string`, `int`, …, `unit`) or declared name.
    case name(String)
    case list(TypeSource, max: Int?)
    case map(TypeSource)
    case optional(TypeSource)
    case record([FieldSource])
    /// Told as a mistake; any type may be meant.
    case unreadable
  }

  package enum Trust: Sendable { case trusted, untrusted }

  package var shape: Shape
  package var personal = false
  package var trust: Trust?
  /// `max N` of string, bytes.
  package var max: Int?
  /// `N..M` of int (as text of integers) and of duration (`0s..1d`).
  package var range: (low: LiteralSource, high: LiteralSource)?
  package var mark: SourceMark

  /// Whether it was told as a mistake, so that any type may be meant.
  package var isUnreadable: Bool {
    if case .unreadable = shape { return true }
    return false
  }

  package init(_ shape: Shape, mark: SourceMark = .none) {
    self.shape = shape
    self.mark = mark
  }
}

package struct FieldSource: Sendable {
  package var name: Located<String>
  package var type: TypeSource
  package var literal: LiteralSource?

  package init(name: Located<String>, type: TypeSource, literal: LiteralSource? = nil) {
    self.name = name
    self.type = type
    self.literal = literal
  }
}

/// A literal whose meaning depends on the type it is read for (CONFIG, LITERAL).
package indirect enum LiteralSource: Sendable {
  case text(SourceText)
  case list([LiteralSource], SourceMark)
  case map([(name: Located<String>, value: LiteralSource)], SourceMark)
}

package struct TypeDeclarationSource: Sendable {
  package enum Body: Sendable {
    case record([FieldSource])
    case enumeration([Located<String>])
    /// Told as a mistake.
    case unreadable
  }

  package var name: Located<String>
  package var body: Body

  package init(name: Located<String>, body: Body) {
    self.name = name
    self.body = body
  }
}

package struct ActionSource: Sendable {
  package var name: Located<String>
  package var takes: TypeSource
  package var returns: TypeSource
  /// `none`, `repeatable`, `final`; nil = final.
  package var effect: Located<String>?

  package init(
    name: Located<String>, takes: TypeSource, returns: TypeSource, effect: Located<String>? = nil
  ) {
    self.name = name
    self.takes = takes
    self.returns = returns
    self.effect = effect
  }
}

package struct CaseSource: Sendable {
  package var key: SourceText?
  /// `join`, `refuse`; nil = join.
  package var again: Located<String>?
  package var keep: SourceText?
  package var labels: [(name: Located<String>, value: SourceText)] = []
  package var subject: SourceText?
  package var partition: SourceText?
  package var cancel: Located<String>?
  package var mark: SourceMark

  package init(mark: SourceMark) { self.mark = mark }
}

package struct PlaceSource: Sendable {
  package enum Kind: Sendable { case ordinary, start, end, shared, message }

  package var name: Located<String>
  package var kind: Kind
  package var type: TypeSource
  package var capacity: SourceText?
  /// `FIELD`, `-FIELD`, `available`.
  package var order: [Located<String>]?
  package var key: Located<String>?
  package var initial: InitialSource?
  package var keep: SourceText?
  package var many: Located<Bool>?

  package enum InitialSource: Sendable {
    /// How many `unit` tokens: digits or CEL over params.
    case count(SourceText)
    case tokens([LiteralSource], SourceMark)
  }

  package init(name: Located<String>, kind: Kind, type: TypeSource) {
    self.name = name
    self.kind = kind
    self.type = type
  }
}

package struct InvariantSource: Sendable {
  package enum Claim: Sendable {
    case always(SourceText, by: Located<String>?, watch: Bool)
    case eventually(SourceText)
    case leads(SourceText, SourceText)
  }

  package var name: Located<String>
  package var claim: Claim

  package init(name: Located<String>, claim: Claim) {
    self.name = name
    self.claim = claim
  }
}

package struct ScheduleSource: Sendable {
  package var name: Located<String>
  package var cron: SourceText
  package var zone: SourceText?
  package var put: OutputSource
  /// `skip`, `one`; nil = one.
  package var missed: Located<String>?

  package init(
    name: Located<String>, cron: SourceText, zone: SourceText? = nil, put: OutputSource,
    missed: Located<String>? = nil
  ) {
    self.name = name
    self.cron = cron
    self.zone = zone
    self.put = put
    self.missed = missed
  }
}

package struct AcceptedFinding: Sendable {
  /// `P302` or `P302/node`.
  package var code: Located<String>
  package var reason: String

  package init(code: Located<String>, reason: String) {
    self.code = code
    self.reason = reason
  }
}
