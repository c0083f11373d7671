import PetriNet

extension ConfigurationReader {
  private static let endpointKeys = [
    "url", "dialect", "version", "deviations", "model", "key", "headers", "plain", "private", "ca",
    "proxy", "parameters", "max_tokens", "attempts", "backoff", "connect", "first_byte", "slow",
    "concurrency", "per_minute", "budget", "prices", "confidence", "returns", "unenforced",
    "unfiltered", "keep", "quota",
  ]

  func endpoints(_ node: YamlNode) -> [Configuration.Endpoint] {
    let entries = reading.entries(node, "endpoints", "a map of endpoints") ?? []
    return entries.compactMap { endpoint($0) }
  }

  private func endpoint(_ entry: YamlNode.Entry) -> Configuration.Endpoint? {
    let place = join("endpoints", entry.name)
    let name = reading.key(entry, .operators, "endpoints")
    guard
      let map = reading.map(
        entry.value, place, "a map {url, dialect, model, …}", keys: Self.endpointKeys)
    else {
      return Configuration.Endpoint(
        name: name, url: Located("", .none), dialect: Located("", .none), model: "")
    }
    let parts = NetReader(reading: reading)
    let url = parts.required(map, "url", place, at: entry).flatMap {
      self.url($0, join(place, "url"))
    }
    let dialect = parts.required(map, "dialect", place, at: entry).flatMap {
      self.dialect($0, join(place, "dialect"))
    }
    let model = parts.required(map, "model", place, at: entry).flatMap {
      reading.text($0, join(place, "model"), "the name of a model, as sent")
    }
    let none = SourceMark.none
    var endpoint = Configuration.Endpoint(
      name: name, url: url ?? Located("", none), dialect: dialect ?? Located("", none),
      model: model?.text ?? "")
    connection(map, place, &endpoint)
    request(map, place, &endpoint)
    money(map, place, &endpoint)
    answer(map, place, &endpoint)
    wire(map, place, &endpoint)
    return endpoint
  }

  private func connection(
    _ map: YamlMap, _ place: String, _ endpoint: inout Configuration.Endpoint
  ) {
    endpoint.key = map["key"].flatMap { secret($0, join(place, "key")) }
    set(&endpoint.headers, map["headers"]) { headers($0, join(place, "headers")) }
    set(&endpoint.plain, map["plain"]) { reading.boolean($0, join(place, "plain")) }
    set(&endpoint.allowsPrivate, map["private"]) { reading.boolean($0, join(place, "private")) }
    endpoint.certificates = map["ca"].flatMap { path($0, join(place, "ca")) }
    endpoint.proxy = map["proxy"].flatMap { url($0, join(place, "proxy"))?.value }
    set(&endpoint.connectMicroseconds, map["connect"]) {
      reading.duration($0, join(place, "connect"))
    }
    endpoint.firstByteMicroseconds = map["first_byte"].flatMap {
      reading.duration($0, join(place, "first_byte"))
    }
    set(&endpoint.slow, map["slow"]) { slow($0, join(place, "slow")) }
    set(&endpoint.concurrency, map["concurrency"]) {
      reading.integer($0, join(place, "concurrency"), in: 1...10_000)
    }
    refusePlain(endpoint.url, endpoint.plain, place)
  }

  private func slow(_ node: YamlNode, _ path: String) -> Configuration.Endpoint.Slow {
    var result = Configuration.Endpoint.Slow(below: 1, forMicroseconds: 5_000_000)
    let map = reading.map(node, path, "a map {below, for}", keys: ["below", "for"])
    set(&result.below, map?["below"]) {
      reading.integer($0, join(path, "below"), in: 1...1_000_000_000)
    }
    set(&result.forMicroseconds, map?["for"]) { reading.duration($0, join(path, "for")) }
    return result
  }

  private func request(
    _ map: YamlMap, _ place: String, _ endpoint: inout Configuration.Endpoint
  ) {
    set(&endpoint.tokensMax, map["max_tokens"]) {
      reading.integer($0, join(place, "max_tokens"), in: 1...4096)
    }
    set(&endpoint.attempts, map["attempts"]) {
      reading.integer($0, join(place, "attempts"), in: 1...10)
    }
    if let node = map["backoff"],
      let range = reading.durationRange(node, join(place, "backoff"))
    {
      endpoint.backoffLowMicroseconds = range.low
      endpoint.backoffHighMicroseconds = range.high
    }
  }

  private func money(
    _ map: YamlMap, _ place: String, _ endpoint: inout Configuration.Endpoint
  ) {
    set(&endpoint.perMinute, map["per_minute"]) { rate($0, join(place, "per_minute")) }
    endpoint.quota = map["quota"].flatMap {
      reading.name($0, join(place, "quota"), .operators)
    }
    endpoint.prices = map["prices"].flatMap { prices($0, join(place, "prices")) }
    if let node = map["budget"] {
      let path = join(place, "budget")
      endpoint.budgetADay = budget(node, path)
      if map["prices"] == nil, !map.isInPart {
        reading.report(
          "C402", "a budget needs prices", at: node.mark, path: path, found: "no prices",
          expected: "prices: {currency, input, output} beside it")
      }
    }
  }

  private func rate(_ node: YamlNode, _ path: String) -> Configuration.Endpoint.Rate {
    let parts = reading.map(
      node, path, "a map {requests, tokens}", keys: ["requests", "tokens"])
    let range = 1...1_000_000_000
    return .init(
      requests: parts?["requests"].flatMap {
        reading.integer($0, join(path, "requests"), in: range)
      },
      tokens: parts?["tokens"].flatMap { reading.integer($0, join(path, "tokens"), in: range) })
  }

  private func budget(_ node: YamlNode, _ path: String) -> Double? {
    reading.map(node, path, "a map {a_day: NUM}", keys: ["a_day"])?["a_day"].flatMap {
      reading.number($0, join(path, "a_day"), in: 0...1_000_000_000)
    }
  }

  /// What several endpoints share.
  func quotas(_ node: YamlNode) -> [Configuration.Quota] {
    (reading.entries(node, "quotas", "a map of quotas") ?? []).compactMap { entry in
      let place = join("quotas", entry.name)
      let name = reading.key(entry, .operators, "quotas")
      let map = reading.map(
        entry.value, place, "a map {concurrency, per_minute, budget}",
        keys: ["concurrency", "per_minute", "budget"])
      guard let map else { return nil }
      var quota = Configuration.Quota(name: name)
      quota.concurrency = map["concurrency"].flatMap {
        reading.integer($0, join(place, "concurrency"), in: 1...10_000)
      }
      set(&quota.perMinute, map["per_minute"]) { rate($0, join(place, "per_minute")) }
      quota.budgetADay = map["budget"].flatMap { budget($0, join(place, "budget")) }
      return quota
    }
  }

  private func prices(_ node: YamlNode, _ path: String) -> Configuration.Endpoint.Prices? {
    guard
      let map = reading.map(
        node, path, "a map {currency, input, output, cached}",
        keys: ["currency", "input", "output", "cached"])
    else { return nil }
    for key in ["currency", "input", "output"] where map[key] == nil && !map.isInPart {
      reading.report(
        reading.codes.missingKey, "'\(path)' has no '\(key)'", at: map.mark, path: path,
        found: "nothing", expected: key)
    }
    let price = { (key: String) in
      map[key].flatMap { reading.number($0, join(path, key), in: 0...1_000_000) }
    }
    let currency = map["currency"].flatMap {
      reading.text($0, join(path, "currency"), "a currency as in USD")
    }
    let (input, output, cached) = (price("input"), price("output"), price("cached"))
    guard let currency, let input, let output else { return nil }
    return .init(currency: currency.text, input: input, output: output, cached: cached)
  }

  private func answer(
    _ map: YamlMap, _ place: String, _ endpoint: inout Configuration.Endpoint
  ) {
    set(&endpoint.confidence, map["confidence"]) {
      reading.word($0, join(place, "confidence"), Configuration.Endpoint.Confidence.self)
    }
    set(&endpoint.unfiltered, map["unfiltered"]) {
      reading.word($0, join(place, "unfiltered"), Configuration.Endpoint.Unfiltered.self)
    }
    endpoint.unenforced = map["unenforced"].flatMap {
      reading.text($0, join(place, "unenforced"), "the reason")?.text
    }
    if let node = map["returns"] {
      if node.sourceText?.text == "any" {
        endpoint.returns = .any
      } else if let names = texts(node, join(place, "returns"), "names of models, or any") {
        endpoint.returns = .only(names.map(\.value))
      }
    }
    if let node = map["keep"] {
      let path = join(place, "keep")
      let parts = reading.map(
        node, path, "a map {question, reply}", keys: ["question", "reply"])
      set(&endpoint.keepsQuestion, parts?["question"]) {
        reading.boolean($0, join(path, "question"))
      }
      set(&endpoint.keepsReply, parts?["reply"]) { reading.boolean($0, join(path, "reply")) }
    }
  }

  /// http:// beyond loopback sends keys and questions readable.
  func refusePlain(_ url: Located<String>, _ isAllowed: Bool, _ place: String) {
    guard url.value.hasPrefix("http://"), !isAllowed else { return }
    let authority = String(Substring(url.value.utf8.dropFirst(7).prefix { $0 != 47 }))
    let host = authority.hasPrefix("[") ? authority : String(authority.prefix { $0 != ":" })
    guard host != "localhost", !host.hasPrefix("127."), !host.hasPrefix("[::1]") else { return }
    reading.report(
      "C402", "http:// sends everything readable", at: url.mark, path: join(place, "url"),
      found: host, expected: "https://, or plain: true beside it")
  }

  func models(_ node: YamlNode) -> [Configuration.ModelAlias] {
    let entries = reading.entries(node, "models", "a map {ALIAS: ENDPOINT}") ?? []
    return entries.compactMap { entry in
      let place = join("models", entry.name)
      let name = reading.key(entry, .hyphenated, "models")
      guard case .map = entry.value.content else {
        let text = reading.text(entry.value, place, "an endpoint or a map {endpoints: […]}")
        let endpoint = text.map { Located($0.text.inFormC, $0.mark) }
        return .init(name: name, endpoints: endpoint.map { [$0] } ?? [])
      }
      guard
        let map = reading.map(
          entry.value, place, "a map {endpoints, shadow, hedge}",
          keys: ["endpoints", "shadow", "hedge"])
      else { return .init(name: name, endpoints: []) }
      var alias = Configuration.ModelAlias(name: name, endpoints: [])
      set(&alias.endpoints, map["endpoints"]) {
        texts($0, join(place, "endpoints"), "names of endpoints")
      }
      set(&alias.shadow, map["shadow"]) { texts($0, join(place, "shadow"), "names of endpoints") }
      alias.hedgeMicroseconds = map["hedge"].flatMap { reading.duration($0, join(place, "hedge")) }
      var isSilent = !map.isInPart
      if let node = map["endpoints"] {
        if case .list(let items) = node.content {
          isSilent = items.isEmpty
        } else {
          isSilent = false
        }
      }
      if isSilent {
        reading.report(
          reading.codes.missingKey, "'\(place)' names no endpoint", at: entry.key.mark,
          path: place, found: "none", expected: "endpoints: [NAME, …]")
      }
      return alias
    }
  }
}
