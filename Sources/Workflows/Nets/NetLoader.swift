package import PetriNet

/// Reads workflow and library files with what they import; a library that several import is read
/// once, and its mistakes are told once.
package final class NetLoader {
  private let files: FileSource
  private var loaded: [String: NetSource?] = [:]
  /// Of all the files read so far, in the order of reading.
  package private(set) var findings: [Finding] = []
  /// The bytes of each file read, for showing its lines.
  package private(set) var texts: [(path: String, bytes: [UInt8])] = []

  package init(files: FileSource) { self.files = files }

  /// The workflow or library at `path`; nil if its file is missing, is no YAML, or names neither.
  ///
  /// A source that comes back beside findings lacks the parts that could not be read.
  package func source(at path: String) -> NetSource? {
    load(path, importedFrom: [], at: SourceMark(file: path, line: 1, column: 1))
  }

  private func load(
    _ path: String, importedFrom stack: [String], at mark: SourceMark
  ) -> NetSource? {
    if let known = loaded[path] { return known }
    let bytes: [UInt8]
    do {
      bytes = try files.read(path)
    } catch {
      findings.append(Self.finding(error, path, mark))
      loaded[path] = .some(nil)
      return nil
    }
    texts.append((path, bytes))
    let reading = FileReading(file: path, codes: .workflow)
    let root = YamlDocument.read(bytes, file: path, findings: &reading.findings)
    let reader = NetReader(reading: reading)
    var source = root.flatMap { reader.read($0, text: bytes) }
    let imports = root.map { reader.imports($0) } ?? []
    findings += reading.findings
    for item in imports {
      if !item.isUnreadable, let library = library(item, of: path, stack + [path]) {
        source?.imports.append(library)
      } else {
        source?.lacksImports = true
      }
    }
    loaded[path] = source
    return source
  }

  private func library(
    _ item: Located<String>, of importer: String, _ stack: [String]
  ) -> NetSource? {
    let path = FilePath.join(FilePath.folder(of: importer), item.value)
    if let start = stack.firstIndex(where: { $0.utf8.elementsEqual(path.utf8) }) {
      let chain = (stack[start...] + [path]).joined(separator: " → ")
      findings.append(
        Finding(
          "F132", "this import leads back to the file itself", at: item.mark, node: "import",
          found: chain, expected: "imports without a cycle"))
      return nil
    }
    guard let source = load(path, importedFrom: stack, at: item.mark) else { return nil }
    guard case .library = source.kind else {
      findings.append(
        Finding(
          "F133", "'\(item.value)' is a workflow", at: item.mark, node: "import",
          found: "workflow: \(source.name.value)", expected: "a file with library: NAME",
          help: "a workflow is called by a transition (call: NAME), not imported"))
      return nil
    }
    return source
  }

  static func finding(
    _ problem: FileSource.Problem, _ path: String, _ mark: SourceMark
  ) -> Finding {
    switch problem {
    case .missing:
      Finding(
        "F131", "there is no file '\(path)'", at: mark, found: "no such file",
        expected: "a path relative to the file it stands in")
    case .unreadable(let reason):
      Finding(
        "F134", "the file '\(path)' cannot be read", at: mark, found: reason,
        expected: "a file that this user may read")
    }
  }
}
