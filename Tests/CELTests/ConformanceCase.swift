import CEL
import Foundation

/// One line of a file of conformance cases.
struct ConformanceCase {
  private let object: [String: Any]

  init(_ object: [String: Any]) { self.object = object }

  var text: String { object["expr"] as? String ?? "" }

  var title: String {
    ["file", "section", "name"].map { object[$0] as? String ?? "" }.joined(separator: "/")
  }

  /// Nil if the case passes, else what went wrong.
  func outcome(_ zones: TimeZones) -> String? {
    let expected = object["expect"] as? [String: Any] ?? [:]
    let isErrorExpected = expected["error"] != nil
    let (environment, values) = environment(zones)
    let program: Program
    do throws(ExpressionProblems) {
      program = try Program.compile(text, in: environment)
    } catch {
      return isErrorExpected ? nil : error.problems.map(\.message).joined(separator: " ")
    }
    if let text = expected["deduced_type"] as? String {
      let type = TypeText(text).type
      guard program.type == type else { return "deduced \(program.type), expected \(type)" }
    }
    guard object["check_only"] as? Bool != true else { return nil }
    do throws(EvaluationError) {
      let value = try program.value(in: Frame(values))
      guard !isErrorExpected else { return "an error was expected, found \(value)" }
      guard let wanted = expected["value"].map(Value.init(typed:)) else { return nil }
      return value.isSame(as: wanted) ? nil : "expected \(wanted), found \(value)"
    } catch {
      return isErrorExpected ? nil : "\(error.code.rawValue): \(error.message)"
    }
  }

  private func environment(_ zones: TimeZones) -> (Environment, [Value]) {
    var variables: [Environment.Variable] = []
    var functions: [FunctionDeclaration] = []
    for declaration in object["type_env"] as? [[String: Any]] ?? [] {
      let name = declaration["name"] as? String ?? ""
      if let overloads = declaration["overloads"] as? [[String: Any]] {
        functions.append(FunctionDeclaration(name, overloads.map(Self.overload)))
      } else {
        let type = TypeText(declaration["type"] as? String ?? "dyn").type
        variables.append(Environment.Variable(name, type))
      }
    }
    let bindings = object["bindings"] as? [String: Any] ?? [:]
    for name in bindings.keys.sorted() where !variables.contains(where: { $0.name == name }) {
      variables.append(Environment.Variable(name, .dyn))
    }
    // A variable that is declared but not bound is unknown to an unchecked expression.
    let isChecked = object["disable_check"] as? Bool != true
    if !isChecked { variables.removeAll { bindings[$0.name] == nil } }
    var environment = Environment(
      variables: variables, container: object["container"] as? String ?? "", timeZones: zones)
    environment.functions = functions
    environment.isChecked = isChecked
    return (environment, variables.map { Value(typed: bindings[$0.name] ?? ["null": 0]) })
  }

  private static func overload(_ object: [String: Any]) -> FunctionDeclaration.Overload {
    let parameters = object["params"] as? [String] ?? []
    return .init(
      parameters.map { TypeText($0).type }, TypeText(object["result"] as? String ?? "dyn").type,
      isMethod: object["member"] as? Bool ?? false)
  }
}

/// Reads types as the cases write them: `map(string, dyn)`, `optional_type('T)`.
private struct TypeText {
  let type: ValueType

  init(_ text: String) {
    var rest = text[...]
    type = Self.parse(&rest)
  }

  private static func parse(_ rest: inout Substring) -> ValueType {
    let end = rest.firstIndex { "(),".contains($0) } ?? rest.endIndex
    let name = rest[..<end].trimmingCharacters(in: .whitespaces)
    rest = rest[end...]
    var parameters: [ValueType] = []
    if rest.first == "(" {
      repeat {
        rest.removeFirst()
        parameters.append(parse(&rest))
      } while rest.first == ","
      rest = rest.dropFirst()
    }
    return named(name, parameters)
  }

  private static func named(_ name: String, _ parameters: [ValueType]) -> ValueType {
    if name.hasPrefix("'") { return .parameter(String(name.dropFirst())) }
    switch (name, parameters.count) {
    case ("dyn", 0): return .dyn
    case ("null", 0), ("null_type", 0): return .null
    case ("bool", 0): return .bool
    case ("int", 0): return .int
    case ("uint", 0): return .uint
    case ("double", 0): return .double
    case ("string", 0): return .string
    case ("bytes", 0): return .bytes
    case ("timestamp", 0), ("google.protobuf.Timestamp", 0): return .timestamp
    case ("duration", 0), ("google.protobuf.Duration", 0): return .duration
    case ("list", 1): return .list(parameters[0])
    case ("map", 2): return .map(parameters[0], parameters[1])
    case ("type", 0): return .type(.dyn)
    case ("type", 1): return .type(parameters[0])
    case ("list", 0): return .list(.dyn)
    case ("map", 0): return .map(.dyn, .dyn)
    case ("optional_type", 1): return .optional(parameters[0])
    default: return .abstract(name, parameters)
    }
  }
}

extension Value {
  /// Reads a value as the cases write it.
  fileprivate init(typed: Any) {
    guard let pair = (typed as? [String: Any])?.first else {
      self = .null
      return
    }
    let text = pair.value as? String ?? ""
    switch pair.key {
    case "bool": self = .bool(pair.value as? Bool ?? false)
    case "int": self = .int(Int64(text) ?? 0)
    case "uint": self = .uint(UInt64(text) ?? 0)
    case "double": self = .double(Double(text) ?? .nan)
    case "string": self = .string(text)
    case "bytes": self = .bytes(Array(Data(base64Encoded: text) ?? Data()))
    case "list": self = .list((pair.value as? [Any] ?? []).map(Value.init(typed:)))
    case "map":
      let entries = (pair.value as? [[Any]] ?? []).compactMap { pair in
        MapValue.Key(Value(typed: pair[0])).map { MapValue.Entry($0, Value(typed: pair[1])) }
      }
      self = MapValue(entries).map { .map($0) } ?? .null
    case "type": self = .type(TypeText(text).type)
    case "timestamp": self = Timestamp(text).map { .timestamp($0) } ?? .null
    case "duration": self = TimeSpan(text).map { .duration($0) } ?? .null
    default: self = .null
    }
  }

  /// Equal and of one kind; `NaN` is the same as `NaN`, and 0.0 is not -0.0.
  fileprivate func isSame(as other: Value) -> Bool {
    if case .double(let left) = self, case .double(let right) = other {
      return left.bitPattern == right.bitPattern || (left.isNaN && right.isNaN)
    }
    if case .type(let left) = self, case .type(let right) = other {
      return left.description.prefix { $0 != "(" } == right.description.prefix { $0 != "(" }
    }
    return self == other
  }
}
