import CEL

/// What became of an expression, in one value that tests compare.
enum Evaluation: Equatable {
  case value(Value)
  case raised(EvaluationError.Code)
  case refused([String])

  /// Compiles and evaluates with the variables at hand.
  init(
    _ text: String, _ variables: [(name: String, type: ValueType, value: Value)] = [],
    expecting: ValueType? = nil, timeZones: TimeZones = .utcOnly
  ) {
    let environment = Environment(
      variables: variables.map { Environment.Variable($0.name, $0.type) }, timeZones: timeZones)
    do {
      let program = try Program.compile(text, in: environment, expecting: expecting)
      self = .value(try program.value(in: Frame(variables.map(\.value))))
    } catch let error as EvaluationError {
      self = .raised(error.code)
    } catch let error as ExpressionProblems {
      self = .refused(error.problems.map(\.message))
    } catch {
      self = .refused(["\(error)"])
    }
  }
}

/// The problems of an expression that must not compile, as `kind@position+length: message`.
func problems(
  _ text: String, _ variables: [Environment.Variable] = [], expecting: ValueType? = nil
) -> [String] {
  do throws(ExpressionProblems) {
    _ = try Program.compile(
      text, in: Environment(variables: variables), expecting: expecting)
    return []
  } catch {
    return error.problems.map { problem in
      let nearest = problem.nearest.map { " (\($0)?)" } ?? ""
      return "\(problem.kind.rawValue)@\(problem.position)+\(problem.length): "
        + "\(problem.message)\(nearest)"
    }
  }
}

enum Samples {
  static let tier = EnumerationType(name: "Tier", members: ["gold", "silver"])
  static let payment = RecordType(
    name: "Payment",
    fields: [
      .init("id", .string), .init("settled", .bool), .init("amount", .int),
      .init("note", .nullable(.string)), .init("tier", .enumeration(tier)),
    ])

  static func payment(
    amount: Int64 = 400, note: Value = .null, tier: String = "gold"
  ) -> Value {
    .record(
      Record(
        type: payment,
        fields: [.string("p1"), .bool(true), .int(amount), note, .string(tier)]))
  }

  static let variables: [Environment.Variable] = [
    .init("p", .record(payment)), .init("x", .int), .init("s", .string),
    .init("limit", .int, constant: .int(500)), .init("unit", .null, constant: .null),
  ]
}
