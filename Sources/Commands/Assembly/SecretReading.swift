internal import Foundation
internal import PetriNet
internal import Workflows

/// Secrets out of the environment or files (CONFIG, SECRET); read when needed, written nowhere.
enum SecretReading {
  static let fileBytesMax = 64 << 10

  /// The secret with its prefix.
  ///
  /// - Throws: C408 with the *name* of what is missing or too open, never a value.
  static func value(_ secret: Configuration.Secret) throws -> String {
    switch secret.source {
    case .environment(let name):
      guard let value = variable(name) else {
        throw Failure(
          .configuration, "C408", "the environment variable \(name) is not set",
          help: "export \(name)=…, or name a file: {file: PATH}", at: secret.mark)
      }
      return secret.prefix + value
    case .file(let path): return secret.prefix + (try text(ofFile: path, at: secret.mark))
    }
  }

  /// What a variable of the environment holds; nil where it is not set or empty, which is the same.
  static func variable(_ name: String) -> String? {
    ProcessInfo.processInfo.environment[name].flatMap { $0.isEmpty ? nil : $0 }
  }

  private static func text(ofFile path: String, at mark: SourceMark) throws -> String {
    let attributes = try? FileManager.default.attributesOfItem(atPath: path)
    guard let attributes else {
      throw Failure(
        .configuration, "C408", "the file \(path) of a secret is not there", at: mark)
    }
    let mode = (attributes[.posixPermissions] as? NSNumber)?.intValue ?? 0
    guard mode & 0o137 == 0 else {
      throw Failure(
        .configuration, "C408",
        "the file \(path) of a secret is open to others: mode \(String(mode, radix: 8)), at most 640",
        help: "chmod 600 \(path)", at: mark)
    }
    guard let data = FileManager.default.contents(atPath: path), data.count <= fileBytesMax,
      var text = String(data: data, encoding: .utf8)
    else {
      throw Failure(
        .configuration, "C408", "the file \(path) of a secret is no text of at most 64 KiB",
        at: mark)
    }
    if text.hasSuffix("\n") { text.removeLast() }
    return text
  }
}
