internal import ArgumentParser
internal import CEL
internal import PetriNet
internal import Workflows

/// `petrel cel`: one expression, by itself.
struct Evaluate: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cel",
    abstract: "Check and evaluate a CEL expression.",
    discussion: """
      A variable without --type has the type of its JSON, inside lists and objects any.
      Exit 65 for an expression that does not check, 1 for one that raises.
      Examples:
        petrel cel 'p.amount <= 50000' --var 'p={"amount": 45000}'
        petrel cel 'd + duration("1h")' --var 'd="2h"' --type d=duration
      """)

  @Argument(help: "The expression.")
  var expression: String

  @Option(name: .customLong("var"), help: "NAME=JSON; may be given again.")
  var variables: [String] = []

  @Option(name: .customLong("type"), help: "NAME=TYPE, as in a workflow; may be given again.")
  var types: [String] = []

  @OptionGroup var output: OutputOptions

  func run() throws {
    let given = try CELVariables(variables: variables, types: types)
    let program: Program
    do {
      program = try Program.compile(
        expression,
        in: Environment(variables: given.variables, timeZones: ZoneFiles.zones))
    } catch {
      throw refused(error)
    }
    let value: Value
    do {
      value = try program.value(in: Frame(given.values))
    } catch {
      throw raised(error)
    }
    let node = CELValueText.node(of: value)
    guard output.format == .table else {
      let item = JSONText.Node.object([
        .init("type", .string("\(program.type)")), .init("value", node),
      ])
      return JSONDocument(schema: "petrel.cel/1", items: [item]).print(as: output.format)
    }
    Console.print("\(program.type)  \(VisibleText.visible(node.text))")
  }

  private func refused(_ problems: ExpressionProblems) -> Failure {
    let findings = problems.problems.map { problem in
      let code =
        switch problem.kind {
        case .syntax: "F201"
        case .tooDeep, .tooCostly: "F202"
        case .unknownName, .unknownField, .unknownFunction: "P103"
        case .type, .literal: "P102"
        }
      return finding(
        code, problem.message, at: problem.position, length: problem.length,
        found: problem.found, expected: problem.expected, nearest: problem.nearest)
    }
    tell(findings)
    return Failure(.badFile)
  }

  private func raised(_ error: EvaluationError) -> Failure {
    tell([
      finding(
        "T403", "the expression raises \(error.code.rawValue): \(error.message)",
        at: error.position, length: 1)
    ])
    return Failure(.no)
  }

  private func finding(
    _ code: String, _ message: String, at position: Int, length: Int, found: String = "",
    expected: String = "", nearest: String? = nil
  ) -> Finding {
    let before = expression.unicodeScalars.prefix(position)
    let line = before.count { $0 == "\n" } + 1
    let column = before.reversed().prefix { $0 != "\n" }.count + 1
    return Finding(
      code, message,
      at: SourceMark(file: "expression", line: line, column: column, length: max(1, length)),
      found: found, expected: expected, nearest: nearest)
  }

  private func tell(_ findings: [Finding]) {
    var texts = SourceTexts()
    texts.add(Array(expression.utf8), as: "expression")
    let text = Console.diagnostics(texts).text(of: findings)
    Console.note(String(text.dropLast()))
  }
}

/// The variables of `petrel cel`, typed.
struct CELVariables {
  private(set) var variables: [Environment.Variable] = []
  private(set) var values: [Value] = []

  init(variables given: [String], types: [String]) throws {
    let colours = try types.map { text in
      let (name, type) = try Self.split(text, "--type", "NAME=TYPE")
      return (name: name, colour: try Self.colour(type, of: name))
    }
    for text in given {
      let (name, json) = try Self.split(text, "--var", "NAME=JSON")
      let node = try Self.parse(json, name)
      guard let colour = colours.first(where: { $0.name.utf8.elementsEqual(name.utf8) })?.colour
      else {
        add(name, CELValueText.type(of: node), CELValueText.value(of: node))
        continue
      }
      let (value, problems) = ValueReading.value(of: node, in: colour)
      guard let value else {
        let problem = problems.first.map { problem in
          let place = problem.pointer.isEmpty ? "" : " \(problem.pointer):"
          return ":\(place) found \(problem.found), expected \(problem.expected)"
        }
        throw Failure(.badFile, "F504", "--var \(name) does not fit its type\(problem ?? "")")
      }
      add(name, colour.valueType, value)
    }
    for (name, _) in colours
    where !variables.contains(where: { $0.name.utf8.elementsEqual(name.utf8) }) {
      throw Failure(.wrongCall, "C101", "--type \(name) has no --var \(name)=JSON")
    }
  }

  private mutating func add(_ name: String, _ type: ValueType, _ value: Value) {
    variables.append(Environment.Variable(name, type))
    values.append(value)
  }

  private static func split(
    _ text: String, _ flag: String, _ form: String
  ) throws -> (String, String) {
    guard let sign = text.utf8.firstIndex(of: UInt8(ascii: "=")), sign > text.startIndex else {
      throw Failure(.wrongCall, "C101", "\(flag) '\(text)': expected \(form)")
    }
    return (String(text[..<sign]), String(text[text.utf8.index(after: sign)...]))
  }

  private static func parse(_ json: String, _ name: String) throws -> JSONText.Node {
    do {
      return try JSONText.parse(text: json)
    } catch {
      throw Failure(
        .badFile, "F501", "--var \(name) is no JSON: \(error.message) at byte \(error.offset + 1)",
        help: #"a text needs quotes of its own: --var 'name="Kim"'"#)
    }
  }

  /// The colour set of a type as a workflow writes it: the type of a start place.
  private static func colour(_ type: String, of name: String) throws -> ColourSet {
    let path = "type of \(name)"
    let text = """
      workflow: types
      places: {value: {start: \(type)}, done: {end: unit}}
      transitions: {pass: {in: {v: value}, out: {done: unit}}}
      """
    let loader = NetLoader(files: FileSource([path: text]))
    let source = type.utf8.contains(UInt8(ascii: "\n")) ? nil : loader.source(at: path)
    var findings = loader.findings
    if let source, findings.isEmpty {
      do {
        let net = try NetCompiler.compile(source, prompts: [], parameters: [:]).net
        if let place = net.place(titled: "value") { return net.places[place].colour }
      } catch {
        findings = error.items
      }
    }
    let why = findings.first.map { "\($0.message), expected \($0.expected)" } ?? "it is no type"
    throw Failure(.badFile, "F126", "--type \(name)=\(type): \(why)")
  }
}

/// Values that no colour set describes, to and from JSON.
enum CELValueText {
  static func type(of node: JSONText.Node) -> ValueType {
    switch node {
    case .null: .null
    case .bool: .bool
    case .number(let number): number.integer == nil ? .double : .int
    case .string: .string
    case .list: .list(.dyn)
    case .object: .map(.string, .dyn)
    }
  }

  static func value(of node: JSONText.Node) -> Value {
    switch node {
    case .null: .null
    case .bool(let flag): .bool(flag)
    case .number(let number): number.integer.map(Value.int) ?? .double(number.double)
    case .string(let text): .string(text)
    case .list(let items): .list(items.map(value))
    case .object(let members):
      MapValue(members.map { MapValue.Entry(.string($0.name), value(of: $0.value)) })
        .map(Value.map) ?? .null
    }
  }

  static func node(of value: Value) -> JSONText.Node {
    switch value {
    case .null: .null
    case .bool(let flag): .bool(flag)
    case .int(let number): .number(JSONNumber(number))
    case .uint(let number): .string("\(number)")
    case .double(let number): JSONNumber("\(number)").map { .number($0) } ?? .string("\(number)")
    case .string(let text): .string(text)
    case .bytes(let bytes): .string(Base64.text(bytes))
    case .timestamp(let instant): .string("\(instant)")
    case .duration(let span): .string("\(span)")
    case .list(let items): .list(items.map(node))
    case .map(let map):
      .object(
        map.entries.map { entry in
          let key = node(of: entry.key.value)
          if case .string(let name) = key { return .init(name, node(of: entry.value)) }
          return .init(key.text, node(of: entry.value))
        })
    case .record(let record):
      if let text = value.networkText {
        .string(text)
      } else {
        .object(zip(record.type.fields, record.fields).map { .init($0.name, node(of: $1)) })
      }
    case .blob(let blob): .string(Hex.text(blob.digest))
    case .type(let type): .string("\(type)")
    case .optional(.none): .null
    case .optional(.some(let inner)): node(of: inner)
    case .erased: .string(ValueWriting.erasedText)
    }
  }
}
