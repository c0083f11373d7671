internal import CEL

extension TransitionCompiler {
  /// P102 unless values of the program, and each literal in it, fit.
  func fits(
    _ program: Program, _ text: SourceText, into colour: ColourSet, _ noun: String,
    at path: NodePath
  ) -> Bool {
    let check = FitCheck(report: report, text: text, path: path)
    guard check.fits(program.syntax, into: colour, noun) else { return false }
    guard let constant = program.constant else { return true }
    return check.admits(constant, into: colour, noun, at: text.mark)
  }
}

/// Compares an expression with the colour set that it goes into, literal parts one by one.
private struct FitCheck {
  let report: Report
  let text: SourceText
  let path: NodePath

  func fits(_ expression: CheckedExpression, into colour: ColourSet, _ noun: String) -> Bool {
    switch (colour, expression.kind) {
    case (_, .literal(let value)):
      return admits(value, into: colour, noun, at: mark(expression))
    case (_, .conditional(_, let then, let otherwise)):
      let left = fits(then, into: colour, noun)
      return fits(otherwise, into: colour, noun) && left
    case (.optional(let wrapped), .list), (.optional(let wrapped), .map):
      return fits(expression, into: wrapped, noun)
    case (.list(let element, _), .list(let elements)):
      return elements.reduce(true) { isWell, part in
        fits(part.value, into: element, noun) && isWell
      }
    case (.record(let record), .map(let entries)):
      guard let fields = literalFields(entries) else { return true }
      return fits(fields, of: expression, into: record, noun)
    default:
      guard let misfit = colour.misfit(of: expression.type) else { return true }
      tell(misfit, noun, at: expression)
      return false
    }
  }

  /// Free values of the file: what `admits` refuses is told with the literal itself.
  func admits(
    _ value: Value, into colour: ColourSet, _ noun: String, at mark: SourceMark
  ) -> Bool {
    let problems = colour.admits(colour.coerced(value))
    for problem in problems {
      let place = problem.pointer.isEmpty ? "" : " (at \(problem.pointer))"
      var found = problem.found
      if problem.pointer.isEmpty, case .string(let text) = value { found = "'\(text)'" }
      report.error(
        "P102", "the value does not fit into \(noun)\(place)", at: mark, path, found: found,
        expected: problem.expected)
    }
    return problems.isEmpty
  }

  private func mark(_ expression: CheckedExpression) -> SourceMark {
    text.mark(at: expression.position, length: expression.length)
  }

  private func tell(_ misfit: Misfit, _ noun: String, at expression: CheckedExpression) {
    let field = misfit.fields.isEmpty ? "" : " (field \(misfit.fields.joined(separator: ".")))"
    report.error(
      "P102", "the value does not fit into \(noun)\(field)", at: mark(expression), path,
      found: misfit.found, expected: misfit.expected)
  }

  /// Nil if a key is computed.
  private func literalFields(
    _ entries: [CheckedExpression.Entry]
  ) -> [(name: String, entry: CheckedExpression.Entry)]? {
    var fields: [(name: String, entry: CheckedExpression.Entry)] = []
    for entry in entries {
      guard case .literal(.string(let name)) = entry.key.kind else { return nil }
      fields.append((name, entry))
    }
    return fields
  }

  /// A map with literal keys stands for a record.
  private func fits(
    _ fields: [(name: String, entry: CheckedExpression.Entry)],
    of expression: CheckedExpression, into record: RecordColour, _ noun: String
  ) -> Bool {
    var isWell = true
    var given = NameTable<Bool>()
    for field in fields {
      _ = given.insert(true, as: field.name)
      if let index = record.type.index(of: field.name) {
        let noun = "the field '\(field.name)' of \(noun)"
        isWell = fits(field.entry.value, into: record.fields[index].colour, noun) && isWell
      } else {
        isWell = false
        report.unknown(
          "field", Located(field.name, mark(field.entry.key)), in: noun,
          among: record.fields.map(\.name), path)
      }
    }
    for (index, field) in record.fields.enumerated()
    where record.standard(of: index) == nil && given[field.name] == nil {
      isWell = false
      report.error(
        "P102", "the field '\(field.name)' of \(noun) is not given", at: mark(expression), path,
        found: "nothing", expected: "\(field.colour)")
    }
    return isWell
  }
}
