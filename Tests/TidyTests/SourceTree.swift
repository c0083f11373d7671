import Foundation

/// The tree as the house rules see it: tracked text files, read once.
struct SourceTree {
  struct File {
    /// From the root of the package.
    var path: String
    var lines: [Substring]

    var target: String { path.split(separator: "/").dropFirst().first.map(String.init) ?? "" }
    var isSource: Bool { path.hasPrefix("Sources/") && path.hasSuffix(".swift") }
    var isSwift: Bool { path.hasSuffix(".swift") }
  }

  static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  static let files: [File] = read()

  private static func read() -> [File] {
    let tops = [
      "Sources", "Tests", "Examples", "Benchmarks", "docs", "workflows", "prompts", "Package.swift",
      "README.md", "Makefile", "petrel.yaml", ".ci",
    ]
    var found: [File] = []
    for top in tops {
      let start = root.appendingPathComponent(top)
      let paths =
        FileManager.default.enumerator(at: start, includingPropertiesForKeys: nil)?
        .compactMap { $0 as? URL } ?? []
      for url in paths + [start] where isText(url) {
        guard let text = try? String(contentsOf: url, encoding: .utf8) else { continue }
        let path = String(url.path.dropFirst(root.path.count + 1))
        if path.contains("/.build/") || path.hasPrefix(".build/") { continue }
        found.append(
          File(
            path: path,
            lines: text.split(separator: "\n", omittingEmptySubsequences: false)))
      }
    }
    return found.sorted { $0.path < $1.path }
  }

  private static func isText(_ url: URL) -> Bool {
    let endings = ["swift", "md", "yaml", "h", "c", "modulemap", "py", "sh", "json", "jsonl", ""]
    var isFolder: ObjCBool = false
    let exists = FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder)
    return exists && !isFolder.boolValue && endings.contains(url.pathExtension)
  }
}
