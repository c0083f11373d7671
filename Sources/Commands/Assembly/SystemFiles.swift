internal import Foundation
internal import Workflows

extension FileSource {
  /// The disk; relative paths are seen from the working folder.
  static let disk = FileSource { path throws(Problem) in
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw .missing
    }
    if isFolder.boolValue { throw .unreadable("it is a folder") }
    // A pipe or a device too: what `<(command)` and /dev/stdin stand for.
    guard let file = FileHandle(forReadingAtPath: path), let data = try? file.readToEnd() ?? Data()
    else {
      throw .unreadable("this user may not read it")
    }
    return [UInt8](data)
  }
}

/// Files by pattern: `*` within a name, `**` over folders; sorted by the bytes of their paths.
enum Glob {
  static func paths(_ pattern: String) -> [String] {
    guard pattern.contains("*") else {
      return FileManager.default.fileExists(atPath: pattern) ? [pattern] : []
    }
    let parts = pattern.split(separator: "/", omittingEmptySubsequences: true).map(String.init)
    var found: [String] = []
    walk(pattern.hasPrefix("/") ? "/" : "", parts[...], &found)
    return found.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  private static func walk(_ folder: String, _ parts: ArraySlice<String>, _ found: inout [String]) {
    guard let part = parts.first else { return }
    let rest = parts.dropFirst()
    if part == "**" {
      walk(folder, rest, &found)
      for name in names(in: folder) where isFolder(join(folder, name)) {
        walk(join(folder, name), parts, &found)
      }
      return
    }
    let candidates = part.contains("*") ? names(in: folder).filter { matches($0, part) } : [part]
    for name in candidates {
      let path = join(folder, name)
      if rest.isEmpty {
        if FileManager.default.fileExists(atPath: path), !isFolder(path), !found.contains(path) {
          found.append(path)
        }
      } else if isFolder(path) {
        walk(path, rest, &found)
      }
    }
  }

  private static func names(in folder: String) -> [String] {
    let path = folder.isEmpty ? "." : folder
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    return names.filter { !$0.hasPrefix(".") }
  }

  private static func isFolder(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
      && isFolder.boolValue
  }

  private static func join(_ folder: String, _ name: String) -> String {
    if folder.isEmpty { return name }
    return folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
  }

  /// Whether `name` fits a pattern in which `*` stands for any bytes.
  static func matches(_ name: String, _ pattern: String) -> Bool {
    let text = Array(name.utf8)
    let wanted = Array(pattern.utf8)
    var (i, j) = (0, 0)
    var star: (pattern: Int, text: Int)?
    while i < text.count {
      if j < wanted.count, wanted[j] == UInt8(ascii: "*") {
        star = (j, i)
        j += 1
      } else if j < wanted.count, wanted[j] == text[i] {
        i += 1
        j += 1
      } else if let last = star {
        j = last.pattern + 1
        i = last.text + 1
        star = (last.pattern, last.text + 1)
      } else {
        return false
      }
    }
    return wanted[j...].allSatisfy { $0 == UInt8(ascii: "*") }
  }
}
