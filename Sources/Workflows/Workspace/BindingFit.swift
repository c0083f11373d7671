import CEL
import PetriNet

/// Whether a binding of petrel.yaml fits the action that a workflow declares: every `{field}` is one of
/// what the action takes, and what is read from the reply is what it returns (CONFIG §1, `actions`).
struct BindingFit {
  struct Mistake: Equatable {
    /// Under the action's node: `query.lang`.
    var node: String
    var message: String
    var found: String
    var expected: String
    var nearest: String?
  }

  private let binding: Configuration.ActionBinding
  private let takes: ColourSet
  private let returns: ColourSet
  private(set) var mistakes: [Mistake] = []

  init(_ binding: Configuration.ActionBinding, _ declared: ActionDeclaration) {
    self.binding = binding
    takes = declared.takes
    returns = declared.returns
    check(binding.path.value, "path")
    for text in binding.query { check(text.text, "query.\(text.name)") }
    for text in binding.headers { check(text.text, "headers.\(text.name)") }
    if case .template(let node) = binding.body { check(node, "body") }
    checkKey()
    checkResult()
  }

  /// A brace that opens no name of a field is text (in a body) or was refused before.
  private mutating func check(_ text: String, _ node: String) {
    for part in text.split(separator: "{", omittingEmptySubsequences: false).dropFirst() {
      guard let end = part.firstIndex(of: "}") else { continue }
      let path = part[..<end].split(separator: ".", omittingEmptySubsequences: false)
      guard path.allSatisfy(Self.isName) else { continue }
      check(path.map(String.init), in: takes, node)
    }
  }

  private mutating func check(_ body: JSONText.Node, _ node: String) {
    switch body {
    case .string(let text): check(text, node)
    case .list(let items): for item in items { check(item, node) }
    case .object(let members):
      for member in members { check(member.value, join(node, member.name)) }
    case .null, .bool, .number: break
    }
  }

  private static func isName(_ text: Substring) -> Bool {
    !text.isEmpty
      && text.unicodeScalars.allSatisfy {
        $0 == "_" || !$0.isASCII || $0.properties.isAlphabetic || ("0"..."9").contains($0)
      }
  }

  private mutating func check(_ path: [String], in colour: ColourSet, _ node: String) {
    guard let name = path.first else { return }
    switch colour {
    case .optional(let wrapped): check(path, in: wrapped, node)
    case .map(let element): check(Array(path.dropFirst()), in: element, node)
    case .record(let record):
      let fields = record.fields
      guard let field = fields.first(where: { $0.name.utf8.elementsEqual(name.utf8) }) else {
        return unknown(name, fields.map(\.name), "the action takes no field '\(name)'", node)
      }
      check(Array(path.dropFirst()), in: field.colour, node)
    default:
      mistakes.append(
        Mistake(
          node: node, message: "'{\(name)}' is no field", found: colour.expectationText,
          expected: "a record with fields"))
    }
  }

  private mutating func unknown(
    _ name: String, _ known: [String], _ message: String, _ node: String
  ) {
    mistakes.append(
      Mistake(
        node: node, message: message, found: name,
        expected: known.isEmpty ? "no field" : "one of \(known.joined(separator: ", "))",
        nearest: Nearest.name(to: name, among: known)))
  }

  /// A key that goes into the body needs a body to go into.
  private mutating func checkKey() {
    guard case .field(let name) = binding.idempotency, binding.body == .none else { return }
    mistakes.append(
      Mistake(
        node: "idempotency", message: "the key has no body to stand in",
        found: "{field: \(name)} and body: none", expected: "{header: NAME}, or a body"))
  }

  private mutating func checkResult() {
    switch binding.result {
    case .body: return
    case .status: expect(returns == .unit, "status", "unit")
    case .text: expect(isText, "text", "string")
    case .bytes: expect(isBytes, "bytes", "bytes or blob")
    case .pointers(let pointers):
      guard case .record(let record) = returns else {
        return expect(false, "{FIELD: POINTER}", "a record")
      }
      let names = record.fields.map(\.name)
      for pointer in pointers {
        guard !names.contains(where: { $0.utf8.elementsEqual(pointer.name.utf8) }) else { continue }
        unknown(
          pointer.name, names, "the action returns no field '\(pointer.name)'",
          "result.\(pointer.name)")
      }
      for field in record.fields where Self.isNeeded(field) {
        guard !pointers.contains(where: { $0.name.utf8.elementsEqual(field.name.utf8) }) else {
          continue
        }
        mistakes.append(
          Mistake(
            node: "result", message: "nothing says where '\(field.name)' stands in the reply",
            found: "no \(field.name)", expected: "\(field.name): a JSON pointer"))
      }
    }
  }

  private static func isNeeded(_ field: RecordColour.Field) -> Bool {
    if case .optional = field.colour { return false }
    return field.standard == nil
  }

  private var isText: Bool {
    if case .string = returns { true } else { false }
  }

  private var isBytes: Bool {
    switch returns {
    case .bytes, .blob: true
    default: false
    }
  }

  private mutating func expect(_ fits: Bool, _ form: String, _ expected: String) {
    guard !fits else { return }
    mistakes.append(
      Mistake(
        node: "result", message: "'result: \(form)' does not fit what the action returns",
        found: returns.expectationText, expected: expected))
  }
}
