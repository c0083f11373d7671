import PetriNet

extension ConfigurationReader {
  func services(_ node: YamlNode) -> [Configuration.Service] {
    let keys = [
      "url", "headers", "plain", "private", "ca", "proxy", "concurrency", "connect", "reply",
      "open",
    ]
    let entries = reading.entries(node, "services", "a map of services") ?? []
    return entries.compactMap { entry in
      let place = join("services", entry.name)
      let name = reading.key(entry, .operators, "services")
      guard let map = reading.map(entry.value, place, "a map {url, …}", keys: keys) else {
        return nil
      }
      let url = NetReader(reading: reading).required(map, "url", place, at: entry).flatMap {
        self.url($0, join(place, "url"))
      }
      var service = Configuration.Service(name: name, url: url ?? Located("", .none))
      set(&service.headers, map["headers"]) { headers($0, join(place, "headers")) }
      set(&service.plain, map["plain"]) { reading.boolean($0, join(place, "plain")) }
      set(&service.allowsPrivate, map["private"]) { reading.boolean($0, join(place, "private")) }
      service.certificates = map["ca"].flatMap { path($0, join(place, "ca")) }
      service.proxy = map["proxy"].flatMap { self.url($0, join(place, "proxy"))?.value }
      set(&service.concurrency, map["concurrency"]) {
        reading.integer($0, join(place, "concurrency"), in: 1...10_000)
      }
      set(&service.connectMicroseconds, map["connect"]) {
        reading.duration($0, join(place, "connect"))
      }
      set(&service.replyBytesMax, map["reply"]) { reading.size($0, join(place, "reply")) }
      set(&service.isOpen, map["open"]) { reading.boolean($0, join(place, "open")) }
      refusePlain(service.url, service.plain, place)
      return service
    }
  }

  func actions(_ node: YamlNode) -> [Configuration.ActionBinding] {
    let entries = reading.entries(node, "actions", "a map of actions") ?? []
    return entries.compactMap { action($0) }
  }

  private static let actionKeys = [
    "service", "method", "path", "query", "headers", "body", "idempotency", "result", "extra",
    "ok", "errors",
  ]

  private func action(_ entry: YamlNode.Entry) -> Configuration.ActionBinding? {
    let place = join("actions", entry.name)
    let name = reading.key(entry, .dotted, "actions")
    guard
      let map = reading.map(
        entry.value, place, "a map {service, path, …}", keys: Self.actionKeys)
    else { return nil }
    let parts = NetReader(reading: reading)
    let service = parts.required(map, "service", place, at: entry).flatMap {
      reading.name($0, join(place, "service"), .operators, "the name of a service")
    }
    let path = parts.required(map, "path", place, at: entry).flatMap {
      self.template($0, join(place, "path"))
    }
    var action = Configuration.ActionBinding(
      action: name, service: service ?? Located("", .none), path: path ?? Located("", .none),
      mark: entry.key.mark)
    set(&action.method, map["method"]) {
      reading.word($0, join(place, "method"), Configuration.ActionBinding.Method.self)
    }
    if action.method == .GET || action.method == .DELETE { action.body = .none }
    set(&action.query, map["query"]) { pairs($0, join(place, "query"), areHeaders: false) }
    set(&action.headers, map["headers"]) { pairs($0, join(place, "headers"), areHeaders: true) }
    set(&action.body, map["body"]) { body($0, join(place, "body")) }
    set(&action.idempotency, map["idempotency"]) { idempotency($0, join(place, "idempotency")) }
    set(&action.result, map["result"]) { result($0, join(place, "result")) }
    set(&action.refusesExtra, map["extra"]) { node in
      parts.word(node, join(place, "extra"), ["ignore", "refuse"]).map { $0.value == "refuse" }
    }
    set(&action.ok, map["ok"]) { node in
      reading.list(node, join(place, "ok"), "a list of statuses")?.compactMap {
        reading.integer($0, join(place, "ok"), in: 100...599)
      }
    }
    set(&action.errors, map["errors"]) { errors($0, join(place, "errors")) }
    return action
  }

  /// A text with `{field}` in it, whose braces are closed.
  private func template(_ node: YamlNode, _ path: String) -> Located<String>? {
    guard let text = reading.text(node, path, "a path as in \"/orders/{order}\"") else {
      return nil
    }
    guard text.text.utf8.first == UInt8(ascii: "/") else {
      reading.badValue(text, path, "a path that begins with /")
      return nil
    }
    var isOpen = false
    for scalar in text.text.unicodeScalars {
      if scalar == (isOpen ? "{" : "}") {
        reading.badValue(text, path, "a path whose braces hold the names of fields")
        return nil
      }
      if scalar == "{" || scalar == "}" { isOpen.toggle() }
    }
    if isOpen { reading.badValue(text, path, "a path whose braces are closed") }
    return isOpen ? nil : Located(text.text, text.mark)
  }

  private func pairs(
    _ node: YamlNode, _ path: String, areHeaders: Bool
  ) -> [Configuration.ActionBinding.Text]? {
    reading.entries(node, path, "a map {NAME: TEXT}")?.compactMap { entry in
      let isNamed = !areHeaders || headerName(entry, path)
      let place = join(path, entry.name)
      let text =
        areHeaders
        ? headerText(entry.value, place) : reading.text(entry.value, place, "a text")?.text
      return isNamed ? text.map { .init(name: entry.key.text, text: $0) } : nil
    }
  }

  private func body(_ node: YamlNode, _ path: String) -> Configuration.ActionBinding.Body? {
    switch node.content {
    case .map: return .template(node.json)
    default:
      switch NetReader(reading: reading).word(node, path, ["none", "json", "form"])?.value {
      case "none"?: return Configuration.ActionBinding.Body.none
      case "json"?: return .json
      case "form"?: return .form
      default: return nil
      }
    }
  }

  private func idempotency(
    _ node: YamlNode, _ path: String
  ) -> Configuration.ActionBinding.Idempotency? {
    guard case .map(let entries) = node.content else {
      switch NetReader(reading: reading).word(node, path, ["header", "none"])?.value {
      case "header"?: return .header("Idempotency-Key")
      case "none"?: return Configuration.ActionBinding.Idempotency.none
      default: return nil
      }
    }
    let what = "header, {header: NAME}, {field: NAME} or none"
    guard reading.map(node, path, what, keys: ["header", "field"]) != nil else { return nil }
    guard entries.count == 1, let entry = entries.first else {
      reading.report(
        reading.codes.badValue, "'\(path)' is \(what)", at: node.mark, path: path,
        found: "\(entries.count) keys", expected: "one of header, field")
      return nil
    }
    let name = reading.text(entry.value, join(path, entry.name), "a name")?.text
    return entry.name == "header" ? name.map { .header($0) } : name.map { .field($0) }
  }

  private func result(_ node: YamlNode, _ path: String) -> Configuration.ActionBinding.Result? {
    guard case .map = node.content else {
      let words = ["body", "status", "bytes", "text"]
      switch NetReader(reading: reading).word(node, path, words)?.value {
      case "body"?: return .body
      case "status"?: return .status
      case "bytes"?: return .bytes
      case "text"?: return .text
      default: return nil
      }
    }
    let entries = reading.entries(node, path, "a map {FIELD: POINTER}") ?? []
    return .pointers(
      entries.compactMap { entry in
        pointer(entry.value, join(path, entry.name)).map { .init(name: entry.name, text: $0) }
      })
  }

  private func pointer(_ node: YamlNode, _ path: String) -> String? {
    let what = "a JSON pointer as in /items/0/id"
    guard let text = reading.text(node, path, what) else { return nil }
    guard text.text.isEmpty || text.text.utf8.first == UInt8(ascii: "/") else {
      reading.badValue(text, path, what)
      return nil
    }
    return text.text
  }

  private func errors(
    _ node: YamlNode, _ path: String
  ) -> [Configuration.ActionBinding.ErrorRule]? {
    let items = reading.list(node, path, "a list of {status, code, …}")
    return items?.enumerated().compactMap { index, item in
      error(item, "\(path).\(index)")
    }
  }

  private func error(
    _ node: YamlNode, _ path: String
  ) -> Configuration.ActionBinding.ErrorRule? {
    let keys = ["status", "where", "code", "retry", "happened"]
    guard let map = reading.map(node, path, "a map {status, code, …}", keys: keys) else {
      return nil
    }
    for key in ["status", "code"] where map[key] == nil && !map.isInPart {
      reading.report(
        reading.codes.missingKey, "'\(path)' has no '\(key)'", at: map.mark, path: path,
        found: map.entries.map(\.name).joined(separator: ", "), expected: key)
    }
    let status = map["status"].flatMap { reading.integer($0, path, in: 100...599) }
    let code = map["code"].flatMap { reading.name($0, join(path, "code"), .identifier) }
    var rule = Configuration.ActionBinding.ErrorRule(
      status: status ?? 0, code: code?.value ?? "")
    set(&rule.retry, map["retry"]) { reading.boolean($0, join(path, "retry")) }
    set(&rule.happened, map["happened"]) {
      reading.word(
        $0, join(path, "happened"), Configuration.ActionBinding.ErrorRule.Happened.self)
    }
    let place = join(path, "where")
    set(&rule.conditions, map["where"]) { node in
      reading.entries(node, place, "a map {POINTER: JSON}")?.map { entry in
        .init(pointer: entry.key.text, value: entry.value.json)
      }
    }
    return status == nil || code == nil ? nil : rule
  }
}
