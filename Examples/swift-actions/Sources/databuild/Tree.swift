import Foundation
import Petrel

/// A tree of files that is built by rules. What a file needs is found while it is built: a line
/// `include REF` in its input names another output.
///
/// Beside an output stands a stamp with the digests of what it was made from. What has a stamp is up to
/// date; `stale` takes the stamps of what is not away.
struct Tree: Sendable {
  let root: URL
  let rules: Rules

  init(_ root: URL) throws {
    self.root = root
    let text = try String(contentsOf: root.appendingPathComponent("build.rules"), encoding: .utf8)
    rules = try Rules(text)
  }

  /// Builds `ref`, or says what must be built before.
  func build(_ ref: String, job: String) throws -> Built {
    guard let rule = rules.making(ref), rule.job == job else {
      throw ActionError(BuildCode.noRule, detail: ref)
    }
    if hasStamp(ref) { return Built(ref: ref, missing: []) }
    if let maker = rules.making(rule.input), !hasStamp(rule.input) {
      return Built(ref: ref, missing: [Ref(ref: rule.input, job: maker.job)])
    }
    guard let input = try? String(contentsOf: url(rule.input), encoding: .utf8) else {
      throw ActionError(BuildCode.noSource, detail: rule.input)
    }
    let included = Self.includes(in: input)
    var missing: [Ref] = []
    for needed in included where !hasStamp(needed) {
      guard let maker = rules.making(needed) else {
        throw ActionError(BuildCode.noRule, detail: needed)
      }
      missing.append(Ref(ref: needed, job: maker.job))
    }
    guard missing.isEmpty else { return Built(ref: ref, missing: missing) }
    try make(ref, of: rule.input, input, included)
    return Built(ref: ref, missing: [])
  }

  private func make(_ ref: String, of path: String, _ input: String, _ included: [String]) throws {
    try note("begin \(ref)")
    var text = input.hasSuffix("\n") ? input : input + "\n"
    var stamp = "\(path) \(digest(of: path))\n"
    for needed in included {
      let digest = digest(of: needed)
      text += "\(needed) \(digest)\n"
      stamp += "\(needed) \(digest)\n"
    }
    try put(text, at: ref)
    try put(stamp, at: stampPath(ref))
    try note("end \(ref)")
  }

  /// Everything whose inputs are not what it was made from, and all that depends on it; their stamps
  /// are taken away.
  func stale() throws -> [String] {
    var inputs: [String: [(path: String, digest: String)]] = [:]
    for ref in try stamped() {
      let stamp = try String(contentsOf: url(stampPath(ref)), encoding: .utf8)
      inputs[ref] = stamp.split(separator: "\n").compactMap { line in
        let words = line.split(separator: " ").map(String.init)
        return words.count == 2 ? (words[0], words[1]) : nil
      }
    }
    var found: Set<String> = []
    var grew = true
    while grew {
      grew = false
      for (ref, made) in inputs where !found.contains(ref) {
        let isStale = made.contains { found.contains($0.path) || digest(of: $0.path) != $0.digest }
        if isStale {
          found.insert(ref)
          grew = true
        }
      }
    }
    for ref in found { try FileManager.default.removeItem(at: url(stampPath(ref))) }
    return found.sorted()
  }

  private static func includes(in text: String) -> [String] {
    var seen: Set<String> = []
    return text.split(separator: "\n").compactMap { line in
      let words = line.split(separator: " ")
      guard words.count == 2, words[0] == "include" else { return nil }
      return seen.insert(String(words[1])).inserted ? String(words[1]) : nil
    }
  }
}

extension Tree {
  private func url(_ path: String) -> URL { root.appendingPathComponent(path) }

  private func stampPath(_ ref: String) -> String { ".stamps/\(ref)" }

  private func hasStamp(_ ref: String) -> Bool {
    FileManager.default.fileExists(atPath: url(stampPath(ref)).path)
  }

  private func stamped() throws -> [String] {
    let stamps = url(".stamps")
    guard let names = FileManager.default.enumerator(atPath: stamps.path) else { return [] }
    return names.compactMap { $0 as? String }.filter { name in
      var isFolder: ObjCBool = false
      let path = stamps.appendingPathComponent(name).path
      return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
        && !isFolder.boolValue && !name.hasSuffix("~")
    }
  }

  /// Whole or not at all: a file that is there is complete.
  private func put(_ text: String, at path: String) throws {
    let target = url(path)
    try FileManager.default.createDirectory(
      at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
    let draft = target.path + "~"
    try Data(text.utf8).write(to: URL(fileURLWithPath: draft))
    guard rename(draft, target.path) == 0 else { throw ActionError(BuildCode.disk, detail: path) }
  }

  /// A line in the journal of what was really built.
  private func note(_ line: String) throws {
    let descriptor = open(url("journal").path, O_WRONLY | O_APPEND | O_CREAT, 0o644)
    guard descriptor >= 0 else { throw ActionError(BuildCode.disk, detail: "journal") }
    defer { close(descriptor) }
    let bytes = Array("\(ProcessInfo.processInfo.processIdentifier) \(line)\n".utf8)
    guard write(descriptor, bytes, bytes.count) == bytes.count else {
      throw ActionError(BuildCode.disk, detail: "journal")
    }
  }

  /// FNV-1a over the file's bytes, 16 hexadecimal digits; `-` where there is none.
  private func digest(of path: String) -> String {
    guard let data = FileManager.default.contents(atPath: url(path).path) else { return "-" }
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in data { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    let digits = String(hash, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}

/// Read as `error.code` in the workflow.
enum BuildCode: String, Sendable {
  case noRule = "no_rule"
  case noSource = "no_source"
  case disk
}

struct Order: Codable, Sendable {
  var job: String
  var refs: [String]
}

struct Ref: Codable, Sendable {
  var ref: String
  var job: String
}

struct Built: Codable, Sendable {
  var ref: String
  var missing: [Ref] = []
  /// The code of what keeps it from being built; empty: nothing does.
  var why = ""
}
