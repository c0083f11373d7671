internal import CEL
internal import Crypto
internal import Foundation

/// How many guards a second are evaluated, and compiled, beside a yardstick that says how quick the
/// machine is.
enum GuardSpeed {
  /// `subject`: `join`, `policy`, `string` or `yardstick`.
  static func measure(_ subject: String, isCompiled: Bool) throws {
    if subject == "yardstick" { return yardstick() }
    guard let text = guards[subject] else { throw Bench.WrongUse() }
    let environment = Environment(variables: variables)
    let program = try Program.compile(text, in: environment)
    let frames = (0..<64).map(frame)
    guard try frames.allSatisfy(program.holds) else { throw Bench.WrongUse() }
    let count = isCompiled ? 10_000 : 5_000_000
    let watch = Stopwatch()
    if isCompiled {
      for _ in 0..<count { _ = try Program.compile(text, in: environment) }
    } else {
      for index in 0..<count { _ = try program.holds(in: frames[index & 63]) }
    }
    Bench.say(watch.line("guards", count))
  }

  /// SHA-256 of 1 KiB and a look-up in a dictionary of a thousand names.
  private static func yardstick() {
    let names = (0..<1_000).map { "shop-\($0).example.com" }
    let dictionary = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
    var block = Data(repeating: 7, count: 1_024)
    let count = 200_000
    let watch = Stopwatch()
    for index in 0..<count {
      let digest = SHA256.hash(data: block)
      // Each depends on the one before, so that none can be left out.
      let first = digest.reduce(into: UInt8(0)) { $0 ^= $1 }
      block[0] = first &+ UInt8(truncatingIfNeeded: dictionary[names[index % 1_000]] ?? 0)
    }
    Bench.say(watch.line("yardsticks", count))
  }

  private static let guards = [
    "join": "d.name == t.domain",
    "policy": "d.settled && d.amount <= limit && d.region in ['eu-west-1', 'eu-north-1', 'us-1']",
    "string": "t.url.startsWith('https://') && t.url.contains(d.name) && !d.name.endsWith('.test')",
  ]

  private static let order = RecordType(
    name: "Order",
    fields: [
      .init("name", .string), .init("amount", .int), .init("settled", .bool),
      .init("region", .string), .init("note", .nullable(.string)),
    ])
  private static let target = RecordType(
    name: "Target", fields: [.init("url", .string), .init("domain", .string)])

  private static let variables: [Environment.Variable] = [
    .init("d", .record(order)), .init("t", .record(target)),
    .init("limit", .int, constant: .int(50_000)),
  ]

  /// Texts of which no two lie in one place, as those of two tokens: equal ones are compared.
  private static func frame(_ number: Int) -> Frame {
    let shop = "shop-\(number).example.com"
    let domain = String(decoding: Array(shop.utf8), as: UTF8.self)
    return Frame([
      .record(
        Record(
          type: order,
          fields: [
            .string(shop), .int(45_000), .bool(true), .string("eu-west-1"), .null,
          ])),
      .record(
        Record(
          type: target,
          fields: [.string("https://\(shop)/a/b"), .string(domain)])),
      .null,
    ])
  }
}
