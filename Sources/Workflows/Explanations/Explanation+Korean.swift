extension Explanation {
  /// Title and text in Korean; nil for a code without them.
  package var korean: (title: String, text: String)? { Self.koreanPages[code] }

  /// Blocks of a line `CODE title` and a line of text.
  private static let koreanPages: [String: (title: String, text: String)] = {
    var pages: [String: (title: String, text: String)] = [:]
    let text = String(decoding: PackageResources.pages_ko_txt, as: UTF8.self)
    let lines = text.split(separator: "\n").filter { !$0.hasPrefix("##") }
    for index in stride(from: 0, to: lines.count - 1, by: 2) {
      let code = lines[index].prefix { $0 != " " }
      pages[String(code)] = (
        String(lines[index].dropFirst(code.count + 1)), String(lines[index + 1])
      )
    }
    return pages
  }()
}
