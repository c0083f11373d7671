internal import ArgumentParser
internal import Engine
internal import Foundation
internal import Orchestration
internal import PetriNet
internal import Record
internal import SQLiteStore
internal import Workflows

/// `petrel keys`.
struct KeysVerbs: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "keys", abstract: "The keys of a log.",
    discussion: """
      Examples:
        petrel keys check
        petrel keys rotate
        petrel keys rotate-signer --database demo/petrel.db
      """, subcommands: [CheckKeys.self, RotateKeys.self, RotateSigner.self])
}

/// `petrel keys rotate-signer`.
struct RotateSigner: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rotate-signer",
    abstract: "Signs the log with another key from now on; the old one signs that too.",
    discussion: """
      The service must not run. The old key's file stays beside the new one, as .old.
      Examples:
        petrel keys rotate-signer
        petrel keys rotate-signer --database demo/petrel.db
      """)

  @OptionGroup var service: ServiceOptions

  func run() async throws {
    let path = try service.auditedPath()
    let configuration = try LogFile.configuration(of: path)
    guard case .file(let file) = configuration.keys.signer.source else {
      throw Failure(
        .configuration, "S120", "the signing key is not in a file; put the new one where it is read"
      )
    }
    try LogOwner.run(path) { store in
      let (seed, _) = try SigningSeed.file(file + ".new")
      let seq = try store.changeSigner(to: seed, at: MonotonicClock().now())
      let manager = FileManager.default
      try? manager.removeItem(atPath: file + ".old")
      do {
        try manager.moveItem(atPath: file, toPath: file + ".old")
        try manager.moveItem(atPath: file + ".new", toPath: file)
      } catch {
        throw Failure(.disk, "S120", "\(file) cannot be replaced; the next start goes on with it")
      }
      Console.print("#\(seq.number) names the new key, signed by both")
      Console.print(seed.key(of: store.identity.origin).verifier)
    }
  }
}

/// `petrel keys rotate`.
struct RotateKeys: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rotate",
    abstract: "Wraps all keys of a log under another key-encryption key.",
    discussion: """
      Copies of petrel.keys and of the old key-encryption key are worth nothing afterwards: what was
      erased cannot be read with them any more, nor anything else. Where the key is in a file a new
      one is made and put in its place; where it is in the environment, name the variable that holds
      the new one, and give it to the service under the old name from then on. The service must not
      run. Killed on the way, the next start goes on with whichever key the log names.
      Examples:
        petrel keys rotate
        petrel keys rotate --database demo/petrel.db
        petrel keys rotate --to-env NEXT_KEK
      """)

  @Option(help: "The variable that holds the new key, 64 hexadecimal digits.")
  var toEnv: String?

  @OptionGroup var service: ServiceOptions

  func run() async throws {
    let path = try service.auditedPath()
    try LogFile.requireLog(path)
    let source = try LogFile.configuration(of: path).keys.kek.source
    let person = service.destination.person.map { Subject("local:\($0)") } ?? .local
    try LogOwner.run(path) { store in
      let (next, file) = try next(source)
      let (seq, count) = try store.rotate(to: next, by: person, at: MonotonicClock().now())
      if let file { try KeyEncryptionKey.adoptNext(file) }
      Console.print("#\(seq.number) names the new key-encryption key, \(next.name)")
      Console.print("\(count) \(count == 1 ? "key is" : "keys are") wrapped under it")
      switch source {
      case .environment(let name):
        service.talk.note("the service starts with it in \(name), and no other")
      case .file(let path):
        service.talk.note("\(path) holds it; copies of the old one open nothing of this log")
      }
    }
  }

  /// The key to come, and the file beside which it was made.
  private func next(
    _ source: Configuration.Secret.Source
  ) throws -> (KeyEncryptionKey, file: String?) {
    if let toEnv {
      guard case .environment = source else {
        throw Failure(
          .wrongCall, "C101", "--to-env: the key of this log is in a file; leave it out")
      }
      guard let key = SecretReading.variable(toEnv).flatMap({ KeyEncryptionKey(hex: $0) }) else {
        throw Failure(.configuration, "C408", "\(toEnv) does not hold 64 hexadecimal digits")
      }
      return (key, nil)
    }
    guard case .file(let file) = source else {
      throw Failure(
        .wrongCall, "C101", "the key of this log is in the environment",
        help: "petrel keys rotate --to-env NAME, with the new key in NAME")
    }
    return (try KeyEncryptionKey.file(KeyEncryptionKey.next(file)).0, file)
  }
}

/// `petrel keys check`.
struct CheckKeys: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Whether every key that a log needs is there and opens, and none that it erased.",
    discussion: """
      Opens every slot of the keys file and compares with the log, beside a service too. Exit code 1
      where a key is missing without an event, does not open, or is back after it was erased.
      Examples:
        petrel keys check
        petrel keys check --database demo/petrel.db -o json
      """)

  @OptionGroup var service: ServiceOptions

  func run() async throws {
    let path = try service.auditedPath()
    try LogFile.requireLog(path)
    let keys = try LogFile.keys(of: path, isTold: false)
    let found = try auditing { try LogReader(path: path, keys: keys).checkKeys() }
    guard let found else { return }
    let name = keys.kek.name
    if service.output.format == .table {
      tell(found, name)
    } else {
      JSONDocument(schema: "petrel.keys/1", items: [Self.json(found, name)])
        .print(as: service.output.format)
    }
    let sentences = Self.findings(found)
    guard !sentences.isEmpty else { return }
    throw Failure(.no, "S114", sentences.joined(separator: "\n"))
  }

  private func tell(_ found: KeysCheck, _ name: String) {
    var table = Table(["WHAT", "COUNT"].enumerated().map { .init($1, $0 == 0 ? .left : .right) })
    for (what, count) in Self.counts(found) { table.add([what, "\(count)"]) }
    table.print()
    service.talk.note("wrapped under the key-encryption key \(name)")
  }

  private static func counts(_ found: KeysCheck) -> [(String, Int64)] {
    [
      ("made", found.file.made), ("present", found.file.present),
      ("shredded", Int64(found.file.shredded.count)), ("erased", Int64(found.erased)),
      ("missing", Int64(found.missing.count)), ("unopened", Int64(found.file.unopened.count)),
      ("returned", Int64(found.returned.count)),
    ]
  }

  private static func json(_ found: KeysCheck, _ name: String) -> JSONText.Node {
    func list(_ numbers: [Int64]) -> JSONText.Node {
      .list(numbers.prefix(1_000).map { .number(JSONNumber($0)) })
    }
    return .object(
      counts(found).prefix(4).map { .init($0.0, .number(JSONNumber($0.1))) } + [
        .init("missing", list(found.missing)), .init("unopened", list(found.file.unopened)),
        .init("returned", list(found.returned)), .init("kek", .string(name)),
      ])
  }

  private static func findings(_ found: KeysCheck) -> [String] {
    func named(_ numbers: [Int64]) -> String {
      let first = numbers.prefix(5).map(String.init).joined(separator: ", ")
      return numbers.count > 5 ? "\(first) and \(numbers.count - 5) more" : first
    }
    var sentences: [String] = []
    if !found.missing.isEmpty {
      sentences.append(
        "keys are missing that no event erased: \(named(found.missing)); put the newest keys file "
          + "back, or see petrel restore")
    }
    if !found.file.unopened.isEmpty {
      sentences.append(
        "slots are damaged, the key-encryption key does not open them: "
          + named(found.file.unopened))
    }
    if !found.returned.isEmpty {
      sentences.append(
        "keys are there that an event erased: \(named(found.returned)); an older keys file was put "
          + "back, or the erasure was cut short: the next start of the service shreds them")
    }
    return sentences
  }
}
