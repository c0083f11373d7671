import PetriNet

extension ConfigurationReader {
  /// A SECRET: where it is found. A literal is C403, and is not repeated in the message.
  func secret(_ node: YamlNode, _ path: String) -> Configuration.Secret? {
    guard case .map = node.content else {
      refuseLiteral(node, path)
      return nil
    }
    guard
      let map = reading.map(
        node, path, "{env: NAME} or {file: PATH}", keys: ["env", "file", "prefix"])
    else { return nil }
    let prefix = map["prefix"].flatMap { node in
      node.sourceText?.text
    }
    switch (map["env"], map["file"]) {
    case (let node?, nil):
      let what = "the name of a variable of the environment"
      guard let name = reading.text(node, join(path, "env"), what) else { return nil }
      guard Self.isVariable(name.text) else {
        reading.report(
          "C403", "'\(join(path, "env"))' is no name of a variable", at: name.mark, path: path,
          found: "another text", expected: "letters, digits and _",
          help: "write the variable's name, not the secret")
        return nil
      }
      return Self.secret(.environment(name.text), prefix, at: node.mark)
    case (nil, let node?):
      return self.path(node, join(path, "file")).map {
        Self.secret(.file($0), prefix, at: node.mark)
      }
    case (_?, _?), (nil, nil):
      reading.report(
        reading.codes.missingKey, "'\(path)' says where a secret is found", at: map.mark,
        path: path, found: map.entries.map(\.name).joined(separator: ", "),
        expected: "one of {env: NAME}, {file: PATH}")
      return nil
    }
  }

  private static func secret(
    _ source: Configuration.Secret.Source, _ prefix: String?, at mark: SourceMark
  ) -> Configuration.Secret {
    var secret = Configuration.Secret(source: source, prefix: prefix ?? "")
    secret.mark = mark
    return secret
  }

  private func refuseLiteral(_ node: YamlNode, _ path: String) {
    if case .unreadable = node.content { return }
    reading.report(
      "C403", "a secret does not stand in a configuration file", at: node.mark, path: path,
      found: node.sourceText == nil ? node.kindText : "a literal",
      expected: "{env: NAME} or {file: PATH}",
      help:
        "put it into a variable or a file with mode 0600, and change the secret if others saw it")
  }

  private static func isVariable(_ name: String) -> Bool {
    !name.isEmpty
      && name.utf8.allSatisfy { byte in
        (65...90).contains(byte) || (97...122).contains(byte) || (48...57).contains(byte)
          || byte == 95
      }
  }

  /// Headers whose value is a secret wherever they stand.
  private static let secretHeaders = [
    "authorization", "proxy-authorization", "x-api-key", "api-key", "x-goog-api-key", "cookie",
  ]

  func headers(_ node: YamlNode, _ path: String) -> [Configuration.Header]? {
    reading.entries(node, path, "a map {HEADER: TEXT or SECRET}")?.compactMap { entry in
      let place = join(path, entry.name)
      let isNamed = headerName(entry, path)
      if case .map = entry.value.content {
        let secret = secret(entry.value, place)
        return isNamed ? secret.map { .init(name: entry.name, content: .secret($0)) } : nil
      }
      if Self.secretHeaders.contains(Self.lowercased(entry.name)) {
        refuseLiteral(entry.value, place)
        return nil
      }
      let text = headerText(entry.value, place)
      return isNamed ? text.map { .init(name: entry.name, content: .text($0)) } : nil
    }
  }

  /// Whether an entry's key is a token of RFC 9110; told if it is not.
  func headerName(_ entry: YamlNode.Entry, _ path: String) -> Bool {
    let isFit =
      !entry.name.isEmpty
      && entry.name.utf8.allSatisfy { byte in
        (48...57).contains(byte) || (65...90).contains(byte) || (94...122).contains(byte)
          || [33, 35, 36, 37, 38, 39, 42, 43, 45, 46, 124, 126].contains(byte)
      }
    if !isFit {
      reading.report(
        reading.codes.badName, "'\(VisibleText.visible(entry.name))' is no header",
        at: entry.key.mark, path: join(path, entry.name), found: entry.name,
        expected: "letters, digits and -")
    }
    return isFit
  }

  func headerText(_ node: YamlNode, _ path: String) -> String? {
    guard let text = reading.text(node, path, "the text of a header") else { return nil }
    guard !text.text.utf8.contains(where: { $0 == 0 || $0 == 10 || $0 == 13 }) else {
      reading.report(
        reading.codes.badValue, "a header is one line", at: text.mark, path: path,
        found: "a line end", expected: "one line")
      return nil
    }
    return text.text
  }

  static func lowercased(_ name: String) -> String {
    String(decoding: name.utf8.map { (65...90).contains($0) ? $0 + 32 : $0 }, as: UTF8.self)
  }

  /// A URL: `http(s)://host[:port][/path]`.
  func url(_ node: YamlNode, _ path: String) -> Located<String>? {
    let what = "http(s)://host[:port][/path]"
    guard let text = reading.text(node, path, what) else { return nil }
    guard !text.text.unicodeScalars.contains("@") else {
      reading.report(
        "C403", "a user or a password does not stand in a URL", at: text.mark, path: path,
        found: "a text with @", expected: what, help: "send it in a header: {env: NAME}")
      return nil
    }
    guard WebAddress.isOne(text.text) else {
      reading.badValue(text, path, "\(what), no query, fragment or space")
      return nil
    }
    return Located(text.text, text.mark)
  }
}
