import CEL

/// What makes a value of each type.
extension RandomExpression {
  mutating func made(_ type: ValueType, _ depth: Int) -> String {
    switch type {
    case .bool: condition(depth)
    case .int: int(depth)
    case .uint: uint(depth)
    case .double: double(depth)
    case .string: string(depth)
    case .bytes:
      pick([
        "(\(text(.bytes, depth)) + \(text(.bytes, depth)))", "bytes(\(text(.string, depth)))",
        "base64.decode(base64.encode(\(text(.bytes, depth))))",
      ])
    case .timestamp:
      pick([
        "(\(text(.timestamp, depth)) + \(text(.duration, depth)))",
        "(\(text(.timestamp, depth)) - \(text(.duration, depth)))",
        "timestamp(\(text(.int, depth)))",
      ])
    case .duration:
      pick([
        "(\(text(.timestamp, depth)) - \(text(.timestamp, depth)))",
        "(\(text(.duration, depth)) + \(text(.duration, depth)))",
        "(\(text(.duration, depth)) - \(text(.duration, depth)))",
        "(\(text(.duration, depth)) * \(text(.int, depth)))",
      ])
    case .list(let element): list(element, depth)
    case .map(let key, let value): mapping(key, value, depth)
    case .optional(let content): optional(content, depth)
    default: "dyn(\(text(self.type(), depth)))"
    }
  }

  private mutating func condition(_ depth: Int) -> String {
    switch number(below: 22) {
    case 0...3: return "(\(text(.bool, depth)) && \(text(.bool, depth)))"
    case 4...6: return "(\(text(.bool, depth)) || \(text(.bool, depth)))"
    case 7: return "!\(text(.bool, depth))"
    case 8...9:
      let type = self.type()
      return "(\(text(type, depth)) \(pick(["==", "!="])) \(text(type, depth)))"
    case 10...11:
      let type: ValueType = pick([
        .int, .uint, .double, .string, .bytes, .timestamp, .duration, .bool,
      ])
      return "(\(text(type, depth)) \(pick(["<", "<=", ">", ">="])) \(text(type, depth)))"
    case 12:
      let type: ValueType = pick([.int, .string, .double, .bool])
      return "(\(text(type, depth)) in \(text(.list(type), depth)))"
    case 13: return "(\(text(.string, depth)) in \(text(.map(.string, .int), depth)))"
    case 14:
      let name = pick(["contains", "startsWith", "endsWith"])
      return "\(text(.string, depth)).\(name)(\(text(.string, depth)))"
    case 15...17:
      let type: ValueType = pick([.int, .string, .list(.int)])
      return walk(pick(["all", "exists", "exists_one"]), type, .bool, depth)
    case 18: return "\(text(.optional(pick([.int, .string])), depth)).hasValue()"
    case 19: return "has(\(pick(["p.note", "p.part", "m.a", "m.k1"])))"
    case 20: return "(dyn(\(text(type(), depth))) == \(text(type(), depth)))"
    default: return "math.\(pick(["isNaN", "isInf", "isFinite"]))(\(text(.double, depth)))"
    }
  }

  private mutating func int(_ depth: Int) -> String {
    switch number(below: 14) {
    case 0...5:
      return "(\(text(.int, depth)) \(pick(["+", "-", "*", "/", "%"])) \(text(.int, depth)))"
    case 6: return "-(\(text(.int, depth)))"
    case 7:
      let type: ValueType = pick([.string, .bytes, .list(.int), .map(.string, .int)])
      return "size(\(text(type, depth)))"
    case 8:
      let type: ValueType = pick([.int, .uint, .double, .timestamp, .string])
      return "int(\(text(type, depth)))"
    case 9:
      let part = pick([
        "getFullYear", "getMonth", "getDate", "getDayOfMonth", "getDayOfWeek", "getDayOfYear",
        "getHours", "getMinutes", "getSeconds", "getMilliseconds",
      ])
      return "\(text(.timestamp, depth)).\(part)()"
    case 10:
      let name = pick(["indexOf", "lastIndexOf"])
      return "\(text(.string, depth)).\(name)(\(text(.string, depth)))"
    case 11:
      return "math.\(pick(["greatest", "least"]))(\(text(.int, depth)), \(text(.int, depth)))"
    case 12:
      let name = pick(["bitAnd", "bitOr", "bitXor", "bitShiftLeft", "bitShiftRight"])
      return "math.\(name)(\(text(.int, depth)), \(text(.int, depth)))"
    default: return "math.\(pick(["abs", "sign", "bitNot"]))(\(text(.int, depth)))"
    }
  }

  private mutating func uint(_ depth: Int) -> String {
    switch number(below: 8) {
    case 0...4:
      return "(\(text(.uint, depth)) \(pick(["+", "-", "*", "/", "%"])) \(text(.uint, depth)))"
    case 5: return "math.bitNot(\(text(.uint, depth)))"
    case 6: return "uint(\(text(.double, depth)))"
    default: return "uint(\(text(.int, depth)))"
    }
  }

  private mutating func double(_ depth: Int) -> String {
    switch number(below: 8) {
    case 0...3:
      return "(\(text(.double, depth)) \(pick(["+", "-", "*", "/"])) \(text(.double, depth)))"
    case 4: return "-(\(text(.double, depth)))"
    case 5: return "double(\(text(pick([.int, .uint]), depth)))"
    case 6: return "math.sqrt(\(text(pick([.int, .double]), depth)))"
    default: return "math.\(pick(["ceil", "floor", "round", "trunc"]))(\(text(.double, depth)))"
    }
  }

  private mutating func string(_ depth: Int) -> String {
    switch number(below: 12) {
    case 0...2: return "(\(text(.string, depth)) + \(text(.string, depth)))"
    case 3: return "string(\(text(pick([.int, .uint, .bool, .string, .bytes]), depth)))"
    case 4: return "\(text(.string, depth)).charAt(\(text(.int, depth)))"
    case 5: return "\(text(.string, depth)).substring(\(text(.int, depth)), \(text(.int, depth)))"
    case 6:
      let name = pick(["lowerAscii", "upperAscii", "trim", "reverse"])
      return "\(text(.string, depth)).\(name)()"
    case 7: return "\(text(.string, depth)).replace(\(text(.string, depth)), \(text(.string, 0)))"
    case 8: return "\(text(.list(.string), depth)).join(\(text(.string, 0)))"
    case 9: return "base64.encode(\(text(.bytes, depth)))"
    case 10: return "'%s-%d'.format([\(text(.string, depth)), \(text(.int, depth))])"
    default: return "string(\(text(.int, depth)))"
    }
  }

  /// A macro over a list of `type` whose body is of type `result`.
  private mutating func walk(
    _ macro: String, _ type: ValueType, _ result: ValueType, _ depth: Int
  ) -> String {
    if number(below: 3) == 0, ["all", "exists", "exists_one"].contains(macro) {
      let range =
        number(below: 2) == 0 ? text(.map(.int, .string), depth) : text(.list(.string), depth)
      let names = [local(.int), local(.string)]
      defer { dropLocals(2) }
      guard names[0] != names[1] else { return "false" }
      return "\(range).\(macro)(\(names[0]), \(names[1]), \(text(result, depth)))"
    }
    let range = text(.list(type), depth)
    let name = local(type)
    defer { dropLocals(1) }
    return "\(range).\(macro)(\(name), \(text(result, depth)))"
  }

  private mutating func list(_ element: ValueType, _ depth: Int) -> String {
    switch number(below: 9) {
    case 0: return "(\(text(.list(element), depth)) + \(text(.list(element), depth)))"
    case 1: return walk("map", pick([.int, .string]), element, depth)
    case 2:
      let range = text(.list(element), depth)
      let name = local(element)
      defer { dropLocals(1) }
      return "\(range).filter(\(name), \(text(.bool, depth)))"
    case 3:
      let range = text(.list(.int), depth)
      let names = [local(.int), local(.int)]
      defer { dropLocals(2) }
      guard names[0] != names[1] else { return "[]" }
      return "\(range).transformList(\(names[0]), \(names[1]), \(text(.bool, depth)), "
        + "\(text(element, depth)))"
    case 4: return "[?\(text(.optional(element), depth)), \(text(element, depth))]"
    case 5 where element == .string: return "\(text(.string, depth)).split(\(text(.string, 0)))"
    case 6: return "optional.unwrap([\(text(.optional(element), depth))])"
    default: return "[\(text(element, depth)), \(text(element, depth))]"
    }
  }

  private mutating func mapping(_ key: ValueType, _ value: ValueType, _ depth: Int) -> String {
    guard key == .int, number(below: 3) == 0 else { return map(key, value, depth) }
    let range = text(.list(.int), depth)
    let names = [local(.int), local(.int)]
    defer { dropLocals(2) }
    guard names[0] != names[1] else { return "{}" }
    return number(below: 2) == 0
      ? "\(range).transformMap(\(names[0]), \(names[1]), \(text(value, depth)))"
      : "\(range).transformMapEntry(\(names[0]), \(names[1]), "
        + "{\(text(.int, 0)): \(text(value, depth))})"
  }

  private mutating func optional(_ content: ValueType, _ depth: Int) -> String {
    switch number(below: 9) {
    case 0: return "optional.of(\(text(content, depth)))"
    case 1: return "optional.ofNonZeroValue(\(text(content, depth)))"
    case 2: return "\(text(.list(content), depth))[?\(text(.int, depth))]"
    case 3: return "\(text(.list(content), depth)).\(pick(["first", "last"]))()"
    case 4: return "\(text(.map(.string, content), depth)).?k\(number(below: 3))"
    case 5: return "\(text(.optional(content), depth)).or(\(text(.optional(content), depth)))"
    case 6, 7:
      let source: ValueType = pick([.int, .string])
      let value = text(.optional(source), depth)
      let name = local(source)
      defer { dropLocals(1) }
      return number(below: 2) == 0
        ? "\(value).optMap(\(name), \(text(content, depth)))"
        : "\(value).optFlatMap(\(name), \(text(.optional(content), depth)))"
    default:
      return content == .string
        ? "p.?note"
        : "optional.of(p).?part.\(content == .int ? "n" : "n")"
          + (content == .int ? "" : ".optMap(w, \(text(content, depth)))")
    }
  }
}
