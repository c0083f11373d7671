internal import CEL

/// One compilation under way: what is declared so far, and what is wrong.
///
/// Each phase is an extension in a file of its own. Used by one thread, as long as it lasts.
final class NetCompilation {
  /// A place with what only the compilation needs to know of it.
  struct DeclaredPlace {
    var place: Place
    /// False if its type has mistakes, which are told: then nothing is said of what goes in or out.
    var isKnown: Bool
    var source: PlaceSource
    /// The workflow or library that declares it.
    var file: NetSource
    var path: NodePath
  }

  struct DeclaredAction {
    var declaration: ActionDeclaration
    var source: ActionSource?
    /// Whether a result that is not marked is untrusted.
    var isResultUntrusted = false
    var isUsed = false
  }

  let source: NetSource
  let context: CompilationContext
  let prompts: [Prompt]
  let given: [String: LiteralSource]
  /// Whether a transition may use an action whose name could not be read.
  var lacksUses = false
  let report: Report
  let types: TypeResolver
  /// This file, then each imported library once, in import order.
  let files: [NetSource]

  var parameters: [(name: String, colour: ColourSet, value: Value)] = []
  var places: [DeclaredPlace] = []
  var placeIndices = NameTable<Int>()
  /// Declared and built-in actions by name; an index into `actions`.
  var actionIndices = NameTable<Int>()
  var actions: [DeclaredAction] = []
  /// The actions of the net: the declared ones and what is used of the built-in ones.
  var netActions: [ActionDeclaration] = []
  var usedPrompts: [Int] = []
  var transitions: [Transition] = []
  /// The colour set of all start places; `isInputKnown` as of places.
  var input: ColourSet?
  var isInputKnown = true
  var flows: [FlowSite] = []
  var constants: [String: Int64] = [:]
  /// `params` and `unit`, which every expression sees.
  var commonVariables: [Scope.Variable] = []

  init(
    _ source: NetSource, prompts: [Prompt], given: [String: LiteralSource],
    context: CompilationContext
  ) {
    self.source = source
    self.prompts = prompts
    self.given = given
    self.context = context
    report = Report(file: source.file)
    types = TypeResolver(report: report)
    files = Self.once([source] + Self.imports(of: source))
    if files.contains(where: \.lacksImports) {
      report.kindsInPart.formUnion(["type", "place", "action"])
    }
    let hasUnreadable: [(String, Bool)] = files.flatMap { file in
      [
        ("type", file.types.contains { $0.name.isUnreadable }),
        ("place", file.places.contains { $0.name.isUnreadable }),
        ("action", file.actions.contains { $0.name.isUnreadable }),
        ("transition", file.transitions.contains { $0.name.isUnreadable }),
      ]
    }
    report.kindsInPart.formUnion(hasUnreadable.filter(\.1).map(\.0))
    if context.lacksWorkflows { report.kindsInPart.insert("workflow") }
  }

  /// Whether a value of no known type may be so because of a mistake that is told.
  var mayFollow: Bool { report.hasErrors || files.contains(where: \.isBroken) }

  /// Depth first, in import order.
  private static func imports(of source: NetSource) -> [NetSource] {
    source.imports.flatMap { [$0] + imports(of: $0) }
  }

  private static func once(_ files: [NetSource]) -> [NetSource] {
    var seen = NameTable<Bool>()
    return files.filter { seen.insert(true, as: "\($0.file)\u{0}\($0.name.value)") }
  }

  /// All declarations of all files; expressions of transitions come afterwards.
  func declare() {
    report.check(
      source.name, as: .hyphenated, kind: source.kind == .workflow ? "workflow" : "library",
      NodePath())
    for file in files { types.declare(file.types) }
    types.resolveAll()
    declareParameters()
    declareActions()
    declarePlaces()
  }
}
