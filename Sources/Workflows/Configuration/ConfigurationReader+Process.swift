import PetriNet

extension ConfigurationReader {
  /// What concerns the running process.
  func process(_ map: YamlMap, _ result: inout Configuration) {
    set(&result.locale, map["locale"]) {
      reading.word($0, "locale", Configuration.Locale.self)
    }
    set(&result.listen, map["listen"]) { listen($0) }
    set(&result.limits, map["limits"]) { limits($0) }
    set(&result.drainMicroseconds, map["stop"]) { node in
      reading.map(node, "stop", "a map {drain: D}", keys: ["drain"])?["drain"].flatMap {
        reading.duration($0, "stop.drain")
      }
    }
    set(&result.log, map["log"]) { log($0) }
    result.groups = map["groups"].flatMap { groups($0) }
  }

  private func log(_ node: YamlNode) -> Configuration.Log {
    var result = Configuration.Log()
    let map = reading.map(node, "log", "a map {level, format}", keys: ["level", "format"])
    set(&result.level, map?["level"]) {
      reading.word($0, "log.level", Configuration.Log.Level.self)
    }
    set(&result.format, map?["format"]) {
      reading.word($0, "log.format", Configuration.Log.Format.self)
    }
    return result
  }

  private func groups(_ node: YamlNode) -> [Configuration.Group]? {
    reading.entries(node, "groups", "a map {GROUP: {title, machines, blind}}")?.map { entry in
      let path = join("groups", entry.name)
      let name = reading.key(entry, .hyphenated, "groups")
      var group = Configuration.Group(name: name, titles: .init())
      guard
        let map = reading.map(
          entry.value, path, "a map {title, machines, blind}",
          keys: ["title", "machines", "blind"])
      else { return group }
      if let title = map["title"],
        let parts = reading.map(title, join(path, "title"), "a map {en, ko}", keys: ["en", "ko"])
      {
        group.titles = titles(parts, join(path, "title"))
      }
      set(&group.machines, map["machines"]) { reading.boolean($0, join(path, "machines")) }
      set(&group.blind, map["blind"]) { reading.boolean($0, join(path, "blind")) }
      return group
    }
  }

  // MARK: Listening

  private func listen(_ node: YamlNode) -> Configuration.Listen? {
    var result = Configuration.Listen()
    result.mark = node.mark
    guard case .map = node.content else {
      guard let address = address(node, "listen") else { return nil }
      result.address = address
      return result
    }
    let keys = ["address", "hosts", "tls", "trusted_proxy"]
    guard let map = reading.map(node, "listen", "HOST:PORT or a map", keys: keys) else {
      return nil
    }
    set(&result.address, map["address"]) { address($0, "listen.address") }
    set(&result.hosts, map["hosts"]) { node in
      texts(node, "listen.hosts", "names of hosts")?.map(\.value)
    }
    set(&result.trustedProxies, map["trusted_proxy"]) { node in
      texts(node, "listen.trusted_proxy", "networks as in 10.0.0.0/8")?.map(\.value)
    }
    result.tls = map["tls"].flatMap { certificate($0) }
    return result
  }

  private func certificate(_ node: YamlNode) -> Configuration.Listen.Certificate? {
    let place = "listen.tls"
    guard
      let map = reading.map(
        node, place, "a map {certificate, key}", keys: ["certificate", "key"])
    else { return nil }
    let certificate = map["certificate"].flatMap { path($0, join(place, "certificate")) }
    let key = map["key"].flatMap { secret($0, join(place, "key")) }
    for name in ["certificate", "key"] where map[name] == nil && !map.isInPart {
      reading.report(
        reading.codes.missingKey, "'\(place)' has no '\(name)'", at: map.mark, path: place,
        found: "nothing", expected: name)
    }
    guard let certificate, let key else { return nil }
    return .init(certificate: certificate, key: key)
  }

  private func address(_ node: YamlNode, _ path: String) -> Configuration.Listen.Address? {
    let what = "HOST:PORT or unix:PATH"
    guard let text = reading.text(node, path, what) else { return nil }
    if text.text.hasPrefix("unix:") {
      return .unix(path: Self.resolved(String(text.text.dropFirst(5)), at: text.mark))
    }
    guard let colon = text.text.lastIndex(of: ":"),
      let port = Int(text.text[text.text.index(after: colon)...]), (0...65_535).contains(port),
      colon != text.text.startIndex
    else {
      reading.badValue(text, path, what)
      return nil
    }
    var host = text.text[..<colon]
    if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
    return .internet(host: String(host), port: port)
  }

  // MARK: Limits

  private func limits(_ node: YamlNode) -> Configuration.Limits {
    typealias Limits = Configuration.Limits
    let counts: [(String, WritableKeyPath<Limits, Int>)] = [
      ("inbox", \.inbox), ("group_commands", \.groupCommands), ("group_events", \.groupEvents),
      ("batch", \.batch), ("streams", \.streams), ("actions", \.actions), ("judges", \.judges),
      ("incidents", \.incidents), ("runaway", \.runaway), ("cases", \.cases),
    ]
    let sizes: [(String, WritableKeyPath<Limits, Int>)] = [
      ("group_bytes", \.groupBytes), ("body", \.bodyBytes), ("message", \.messageBytes),
      ("log_warn", \.logWarnBytes),
    ]
    var result = Limits()
    let map = reading.map(
      node, "limits", "a map of limits", keys: counts.map(\.0) + sizes.map(\.0))
    for (key, limit) in counts {
      set(&result[keyPath: limit], map?[key]) {
        reading.integer($0, join("limits", key), in: 1...1_000_000_000)
      }
    }
    for (key, limit) in sizes {
      set(&result[keyPath: limit], map?[key]) { reading.size($0, join("limits", key)) }
    }
    return result
  }
}
