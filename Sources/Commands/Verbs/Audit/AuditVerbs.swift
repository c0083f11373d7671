internal import ArgumentParser
internal import Foundation
internal import Orchestration
internal import Record
internal import SQLiteStore

/// `petrel audit`: what the log says, read from its file alone.
struct AuditVerbs: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "audit", abstract: "Look through a log, or a copy of one.",
    discussion: """
      Examples:
        petrel audit verify copy.db --since note.txt
        petrel audit effects --database copy.db -o jsonl
      """,
    subcommands: [
      AuditVerify.self, AuditEffects.self, AuditCheckpoint.self, AuditProof.self,
      AuditConsistency.self, AuditExport.self, AuditErase.self,
    ])
}

/// The log that an audit reads: a file, never a service.
struct AuditedFile: ParsableArguments {
  @Argument(help: "The log's file, or a copy; default: --database, else petrel.yaml's.")
  var file: String?

  @OptionGroup var service: ServiceOptions

  /// - Throws: 64 where a service is named, 66 where there is no file.
  func path() throws -> String {
    let path: String
    if let file {
      path = file
    } else {
      path = try service.auditedPath()
    }
    try LogFile.requireLog(path)
    return path
  }
}

extension ServiceOptions {
  func auditedPath() throws -> String {
    guard case .file(let path) = try destination.destination() else {
      throw Failure(.wrongCall, "C101", "an audit reads the log's file: --database petrel.db")
    }
    return path
  }
}

/// Reading that a failure of the store ends with its own code.
func auditing<Result>(_ body: () throws -> Result) throws -> Result {
  do {
    return try body()
  } catch let error as StoreError {
    throw Failure(error)
  }
}

/// Checkpoints that were kept outside a log.
enum KeptCheckpoints {
  /// The anchors that lie beside the file, or where the configuration has them.
  static func file(of path: String) throws -> AnchorFile {
    AnchorFile(path: try Project.readConfiguration().0.configuration.anchors(of: path))
  }

  /// Those in a file of notes, of lines, or of both among anything else.
  ///
  /// - Throws: 66 where there is no such file, 65 where it holds none.
  static func notes(in path: String) throws -> [SignedNote] {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw Failure(.noSuchFile, "C101", "there is no file \(path)")
    }
    let notes = SignedNote.all(in: String(decoding: data, as: UTF8.self))
    guard !notes.isEmpty else {
      throw Failure(.badFile, "C101", "\(path) holds no checkpoint")
    }
    return notes
  }
}
