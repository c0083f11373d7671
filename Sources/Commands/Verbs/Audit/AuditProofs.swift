internal import ArgumentParser
internal import Foundation
internal import Orchestration
internal import PetriNet
internal import Record
internal import SQLiteStore

/// `petrel audit checkpoint`.
struct AuditCheckpoint: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "checkpoint", abstract: "The newest checkpoint, to be kept elsewhere.",
    discussion: """
      A signed note (C2SP): whoever keeps it can tell later whether anything before it was changed.
      Examples:
        petrel audit checkpoint > note.txt
        petrel audit verify --since note.txt
      """)

  @OptionGroup var audited: AuditedFile

  func run() async throws {
    let path = try audited.path()
    guard let note = try auditing({ try LogProof.newestNote(in: path) }) else {
      throw Failure(.no, "S122", "the log has no checkpoint yet")
    }
    Console.raw(note.text)
  }
}

/// Where a proof is written.
struct ProofOptions: ParsableArguments {
  @Option(name: .customShort("O"), help: "The file to write; default: stdout.")
  var file: String?

  @OptionGroup var service: ServiceOptions

  func write(_ node: JSONText.Node) throws {
    let text = node.indentedText + "\n"
    guard let file else { return Console.raw(text) }
    do {
      try text.write(toFile: file, atomically: true, encoding: .utf8)
    } catch {
      throw Failure(.disk, "S110", "\(file) cannot be written")
    }
    service.talk.note("wrote \(file); tools/verify.py proof \(file) checks it")
  }
}

/// `petrel audit proof`.
struct AuditProof: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "proof", abstract: "Proves one row to those who have no log.",
    discussion: """
      The file holds the row, its way to the root of the tree, and a signed checkpoint. With
      --contents what the row sealed is disclosed too, and nothing of other rows.
      Examples:
        petrel audit proof 812 -O proof.json
        petrel audit proof 812 --contents -O proof.json
      """)

  @Argument(help: "The number of the row, as 812 or #812.")
  var event: String

  @OptionGroup var options: ProofOptions

  func run() async throws {
    guard let seq = Int64(event.hasPrefix("#") ? String(event.dropFirst()) : event), seq > 0 else {
      throw Failure(.wrongCall, "C101", "'\(event)' is no number of a row: 812 or #812")
    }
    let path = try options.service.auditedPath()
    let isOpened = options.service.destination.contents
    let keys = try isOpened ? LogFile.keys(of: path) : nil
    try options.write(try auditing { try LogProof.row(seq, in: path, keys: keys) })
  }
}

/// `petrel audit consistency`.
struct AuditConsistency: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "consistency",
    abstract: "Proves that the log of an older checkpoint is the beginning of today's.",
    discussion: """
      Examples:
        petrel audit consistency note.txt -O growth.json
        petrel audit consistency note.txt --database copy.db
      """)

  @Argument(help: "A file with the older checkpoint.")
  var note: String

  @OptionGroup var options: ProofOptions

  func run() async throws {
    let path = try options.service.auditedPath()
    guard let old = try KeptCheckpoints.notes(in: note).first else { return }
    try options.write(try auditing { try LogProof.growth(since: old, in: path) })
  }
}
