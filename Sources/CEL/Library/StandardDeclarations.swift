/// The overloads of CEL's operators and functions, as the checker sees them.
enum StandardDeclarations {
  typealias Overload = FunctionDeclaration.Overload

  static let operators: [Function: [Overload]] = [
    .add: [
      .init([.int, .int], .int), .init([.uint, .uint], .uint), .init([.double, .double], .double),
      .init([.string, .string], .string), .init([.bytes, .bytes], .bytes),
      .init([.list(element), .list(element)], .list(element)),
      .init([.timestamp, .duration], .timestamp), .init([.duration, .timestamp], .timestamp),
      .init([.duration, .duration], .duration),
    ],
    .subtract: [
      .init([.int, .int], .int), .init([.uint, .uint], .uint), .init([.double, .double], .double),
      .init([.timestamp, .timestamp], .duration), .init([.timestamp, .duration], .timestamp),
      .init([.duration, .duration], .duration),
    ],
    .multiply: numbers + [.init([.duration, .int], .duration)],
    .divide: numbers,
    .remainder: [.init([.int, .int], .int), .init([.uint, .uint], .uint)],
    .negate: [.init([.int], .int), .init([.double], .double)],
    .not: [.init([.bool], .bool)],
    .less: ordering, .lessOrEqual: ordering, .greater: ordering, .greaterOrEqual: ordering,
    .isIn: [
      .init([element, .list(element)], .bool), .init([element, .map(element, other)], .bool),
    ],
    .index: [
      .init([.list(element), .int], element), .init([.map(element, other), element], other),
      .init([.optional(.list(element)), .int], .optional(element)),
      .init([.optional(.map(element, other)), element], .optional(other)),
    ],
    .optionalIndex: [
      .init([.list(element), .int], .optional(element)),
      .init([.map(element, other), element], .optional(other)),
      .init([.optional(.list(element)), .int], .optional(element)),
      .init([.optional(.map(element, other)), element], .optional(other)),
    ],
  ]

  /// By name; see `Environment.functions` for more.
  static let functions: [String: [Overload]] = {
    var functions = conversions
    functions["size"] = [.string, .bytes, .list(element), .map(element, other), .blob].flatMap {
      [.init([$0], .int), .init([$0], .int, isMethod: true)]
    }
    for name in ["contains", "startsWith", "endsWith"] {
      functions[name] = [.init([.string, .string], .bool, isMethod: true)]
    }
    functions["matches"] = [
      .init([.string, .string], .bool), .init([.string, .string], .bool, isMethod: true),
    ]
    for part in CalendarPart.allCases {
      functions[part.rawValue] = [
        .init([.timestamp], .int, isMethod: true),
        .init([.timestamp, .string], .int, isMethod: true),
      ]
      if part.isOfDurations {
        functions[part.rawValue, default: []].append(.init([.duration], .int, isMethod: true))
      }
    }
    functions["backoff"] = [.init([.int, .duration, .duration], .duration)]
    functions["declassify"] = [.init([element], element)]
    for library in [
      StringFunctions.declarations, MathFunctions.declarations, OptionalFunctions.declarations,
      EncoderFunctions.declarations, NetworkFunctions.declarations,
    ] {
      functions.merge(library) { $0 + $1 }
    }
    return functions
  }()

  /// What stands before the point in the names of functions.
  static let namespaces: Set<String> = Set(
    (functions.keys.sorted() + MathFunctions.extremes).compactMap { name in
      name.split(separator: ".").dropLast().first.map { String($0) }
    })

  /// Names that denote types.
  static let types: [String: ValueType] = [
    "bool": .bool, "int": .int, "uint": .uint, "double": .double, "string": .string,
    "bytes": .bytes, "list": .list(.dyn), "map": .map(.dyn, .dyn), "null_type": .null,
    "type": .type(.dyn), "google.protobuf.Timestamp": .timestamp,
    "google.protobuf.Duration": .duration, "optional_type": .optional(.dyn),
    "net.IP": NetworkAddress.addressType, "net.CIDR": NetworkAddress.rangeType,
  ]

  private static let element = ValueType.parameter("A")
  private static let other = ValueType.parameter("B")

  private static let numbers: [Overload] = [
    .init([.int, .int], .int), .init([.uint, .uint], .uint), .init([.double, .double], .double),
  ]

  private static let ordering: [Overload] = [
    .bool, .int, .uint, .double, .string, .bytes, .timestamp, .duration,
  ].map { (type: ValueType) in .init([type, type], .bool) }

  private static let conversions: [String: [Overload]] = {
    let sources: [(String, ValueType, [ValueType])] = [
      ("bool", .bool, [.bool, .string]),
      ("bytes", .bytes, [.bytes, .string]),
      ("double", .double, [.double, .int, .string, .uint]),
      ("duration", .duration, [.duration, .string]),
      ("int", .int, [.int, .double, .string, .timestamp, .uint]),
      (
        "string", .string,
        [.string, .bool, .bytes, .double, .duration, .int, .timestamp, .uint]
      ),
      ("timestamp", .timestamp, [.timestamp, .int, .string]),
      ("uint", .uint, [.uint, .double, .int, .string]),
    ]
    var conversions: [String: [Overload]] = [
      "dyn": [.init([element], .dyn)], "type": [.init([element], .type(element))],
    ]
    for (name, result, arguments) in sources {
      conversions[name] = arguments.map { .init([$0], result) }
    }
    return conversions
  }()
}
