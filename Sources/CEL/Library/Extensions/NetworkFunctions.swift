/// The library `network` of CEL's extensions.
enum NetworkFunctions {
  typealias Overload = FunctionDeclaration.Overload

  static let declarations: [String: [Overload]] = {
    let address = NetworkAddress.addressType
    let range = NetworkAddress.rangeType
    var declarations: [String: [Overload]] = [
      "ip": [.init([.string], address), .init([range], address, isMethod: true)],
      "cidr": [.init([.string], range)],
      "isIP": [.init([.string], .bool)],
      "isCIDR": [.init([.string], .bool)],
      "ip.isCanonical": [.init([.string], .bool)],
      "family": [.init([address], .int, isMethod: true)],
      "containsIP": [address, .string].map { .init([range, $0], .bool, isMethod: true) },
      "containsCIDR": [range, .string].map { .init([range, $0], .bool, isMethod: true) },
      "masked": [.init([range], range, isMethod: true)],
      "isMask": [.init([range], .bool, isMethod: true)],
      "prefixLength": [.init([range], .int, isMethod: true)],
      "string": [.init([address], .string), .init([range], .string)],
    ]
    for name in kinds { declarations[name] = [.init([address], .bool, isMethod: true)] }
    return declarations
  }()

  private static let kinds = [
    "isUnspecified", "isLoopback", "isGlobalUnicast", "isLinkLocalUnicast", "isLinkLocalMulticast",
  ]

  /// Nil if there is no such function; `string` is a conversion.
  static func implementation(of name: String) -> StandardFunctions.Implementation? {
    switch name {
    case "ip", "cidr": parsed
    case "isIP", "isCIDR", "ip.isCanonical": asked
    case "containsIP", "containsCIDR": contains
    case "masked", "isMask", "prefixLength": ofRange
    case "family": ofAddress
    case _ where kinds.contains(name): ofAddress
    default: nil
    }
  }

  private static let parsed: StandardFunctions.Implementation = {
    (arguments, site, _) throws(EvaluationError) -> Value in
    guard arguments.count == 1 else { throw site.noOverload(arguments) }
    switch arguments[0] {
    case .string(let text): return try address(text, isRange: site.name == "cidr", site).value
    case let value:
      guard site.name == "ip", let range = NetworkAddress(value), range.prefixLength != nil else {
        throw site.noOverload(arguments)
      }
      return NetworkAddress(bytes: range.bytes).value
    }
  }

  private static let asked: StandardFunctions.Implementation = {
    (arguments, site, _) throws(EvaluationError) -> Value in
    guard arguments.count == 1, case .string(let text) = arguments[0] else {
      throw site.noOverload(arguments)
    }
    switch site.name {
    case "isIP": return .bool(NetworkAddress(address: text) != nil)
    case "isCIDR": return .bool(NetworkAddress(range: text) != nil)
    default:
      let address = try address(text, isRange: false, site)
      return .bool(address.description.hasSameBytes(as: text))
    }
  }

  private static let contains: StandardFunctions.Implementation = {
    (arguments, site, _) throws(EvaluationError) -> Value in
    guard arguments.count == 2, let range = NetworkAddress(arguments[0]),
      range.prefixLength != nil
    else { throw site.noOverload(arguments) }
    let isRange = site.name == "containsCIDR"
    if case .string(let text) = arguments[1] {
      return .bool(range.contains(try address(text, isRange: isRange, site)))
    }
    guard let part = NetworkAddress(arguments[1]), (part.prefixLength != nil) == isRange else {
      throw site.noOverload(arguments)
    }
    return .bool(range.contains(part))
  }

  private static let ofRange: StandardFunctions.Implementation = {
    (arguments, site, _) throws(EvaluationError) -> Value in
    guard arguments.count == 1, let range = NetworkAddress(arguments[0]),
      let length = range.prefixLength
    else { throw site.noOverload(arguments) }
    return switch site.name {
    case "masked": range.masked.value
    case "isMask": .bool(range.masked == range)
    default: .int(Int64(length))
    }
  }

  private static let ofAddress: StandardFunctions.Implementation = {
    (arguments, site, _) throws(EvaluationError) -> Value in
    guard arguments.count == 1, let address = NetworkAddress(arguments[0]),
      address.prefixLength == nil
    else { throw site.noOverload(arguments) }
    return switch site.name {
    case "family": .int(address.isVersion4 ? 4 : 6)
    case "isUnspecified": .bool(address.isUnspecified)
    case "isLoopback": .bool(address.isLoopback)
    case "isGlobalUnicast": .bool(address.isGlobalUnicast)
    case "isLinkLocalUnicast": .bool(address.isLinkLocalUnicast)
    default: .bool(address.isLinkLocalMulticast)
    }
  }

  private static func address(
    _ text: String, isRange: Bool, _ site: CallSite
  ) throws(EvaluationError) -> NetworkAddress {
    let address = isRange ? NetworkAddress(range: text) : NetworkAddress(address: text)
    guard let address else {
      throw site.error(
        .invalidArgument,
        isRange ? "The text is no range of IP addresses." : "The text is no IP address.")
    }
    return address
  }
}
