/// Where files come from: the disk, or a table in a test.
package struct FileSource: Sendable {
  package enum Problem: Error, Equatable, Sendable {
    case missing
    /// With what the system says, without the path.
    case unreadable(String)
  }

  /// The whole content of the file at a path as the user would write it.
  package let read: @Sendable (_ path: String) throws(Problem) -> [UInt8]

  package init(read: @escaping @Sendable (_ path: String) throws(Problem) -> [UInt8]) {
    self.read = read
  }

  /// Files in memory, by path.
  package init(_ texts: [String: String]) {
    read = { path throws(Problem) in
      guard let text = texts[path] else { throw .missing }
      return Array(text.utf8)
    }
  }
}

/// Paths as text: `/` between names, nothing asked of the disk.
package enum FilePath {
  /// The folder that holds `path`, "" for none.
  package static func folder(of path: String) -> String {
    var scalars = path.unicodeScalars[...]
    while let last = scalars.last, last != "/" { scalars.removeLast() }
    if scalars.count > 1 { scalars = scalars.dropLast() }
    return String(scalars)
  }

  /// The last name of a path, without its extension.
  package static func stem(of path: String) -> String {
    var name =
      path.unicodeScalars.split(separator: "/").last
      ?? path.unicodeScalars[path.unicodeScalars.endIndex...]
    if let dot = name.lastIndex(of: "."), dot > name.startIndex { name = name[..<dot] }
    return String(String.UnicodeScalarView(name))
  }

  /// `path` as seen from `folder`, with `.` and `..` taken out where that needs no disk.
  package static func join(_ folder: String, _ path: String) -> String {
    let isAbsolute = path.utf8.first == UInt8(ascii: "/")
    let whole = isAbsolute || folder.isEmpty ? path : "\(folder)/\(path)"
    var names: [String] = []
    for part in whole.unicodeScalars.split(separator: "/") {
      let name = String(String.UnicodeScalarView(part))
      switch name {
      case ".": continue
      case ".." where names.last != nil && names.last != "..": names.removeLast()
      default: names.append(name)
      }
    }
    let root = whole.utf8.first == UInt8(ascii: "/") ? "/" : ""
    return root + names.joined(separator: "/")
  }
}
