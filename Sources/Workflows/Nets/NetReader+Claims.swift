import PetriNet

extension NetReader {
  func invariants(_ node: YamlNode) -> [InvariantSource] {
    guard let entries = reading.entries(node, "invariants", "a map of invariants") else {
      return []
    }
    return entries.compactMap { entry in
      let name = reading.key(entry, .identifier, "invariants")
      return claim(entry, join("invariants", entry.name)).map {
        InvariantSource(name: name, claim: $0)
      }
    }
  }

  private func claim(_ entry: YamlNode.Entry, _ path: String) -> InvariantSource.Claim? {
    guard case .map = entry.value.content else {
      return .always(reading.expression(entry.value, path), by: nil, watch: false)
    }
    let keys = ["always", "by", "watch", "eventually", "leads"]
    guard let map = reading.map(entry.value, path, "an invariant", keys: keys) else { return nil }
    let kinds = map.entries.filter { ["always", "eventually", "leads"].contains($0.name) }
    guard let kind = kinds.first, kinds.count == 1 else {
      reading.report(
        kinds.isEmpty ? reading.codes.missingKey : "F127", "an invariant claims one thing",
        at: kinds.last?.key.mark ?? entry.key.mark, path: path,
        found: kinds.isEmpty ? "none" : kinds.map(\.name).joined(separator: " and "),
        expected: "one of always, eventually, leads")
      return nil
    }
    let place = join(path, kind.name)
    for extra in map.entries where ["by", "watch"].contains(extra.name) && kind.name != "always" {
      reading.report(
        "F127", "'\(extra.name)' belongs to always", at: extra.key.mark, path: path,
        found: kind.name, expected: "always")
    }
    switch kind.name {
    case "always":
      let by = map["by"].flatMap { reading.name($0, join(path, "by"), .identifier) }
      let watch = map["watch"].flatMap { reading.boolean($0, join(path, "watch")) } ?? false
      return .always(reading.expression(kind.value, place), by: by, watch: watch)
    case "eventually": return .eventually(reading.expression(kind.value, place))
    default:
      guard let items = reading.list(kind.value, place, "a list of two conditions") else {
        return nil
      }
      guard items.count == 2 else {
        reading.report(
          reading.codes.badValue, "'\(place)' is a list of two conditions", at: kind.value.mark,
          path: place, found: "\(items.count)", expected: "[CEL, CEL]")
        return nil
      }
      let parts = items.map { reading.expression($0, place) }
      return .leads(parts[0], parts[1])
    }
  }

  func schedules(_ node: YamlNode) -> [ScheduleSource] {
    guard let entries = reading.entries(node, "schedules", "a map of schedules") else { return [] }
    return entries.compactMap { entry in
      let path = join("schedules", entry.name)
      let name = reading.key(entry, .identifier, "schedules")
      guard
        let map = reading.map(
          entry.value, path, "a map {cron, put}", keys: ["cron", "zone", "put", "missed"])
      else { return nil }
      let cron = required(map, "cron", path, at: entry).map {
        reading.someText($0, join(path, "cron"), "five fields as in 0 9 * * mon")
      }
      let put = required(map, "put", path, at: entry).map { outputs($0, join(path, "put")) }
      return ScheduleSource(
        name: name, cron: cron ?? .unreadable(at: map.mark),
        zone: map["zone"].map { reading.someText($0, join(path, "zone"), "a time zone") },
        put: put ?? .unreadable(at: map.mark),
        missed: map["missed"].flatMap { word($0, join(path, "missed"), ["skip", "one"]) })
    }
  }

  /// The numbers of all findings about nets, those of proofs among them.
  private static let codes = [
    1...3, 101...123, 201...212, 301...314, 401...412, 501...507, 601...614,
  ]

  func accepted(_ node: YamlNode) -> [AcceptedFinding] {
    guard let entries = reading.entries(node, "accept", "a map {CODE: REASON}") else { return [] }
    return entries.compactMap { entry in
      let path = join("accept", entry.name)
      let code = entry.name.unicodeScalars.split(separator: "/").first.map { String($0) } ?? ""
      guard code.utf8.count == 4, code.utf8.first == UInt8(ascii: "P"), Int(code.dropFirst()) != nil
      else {
        reading.report(
          reading.codes.badValue, "only findings of the net can be accepted", at: entry.key.mark,
          path: path, found: entry.name, expected: "a code as in P302 or P302/PLACE")
        return nil
      }
      if !Self.codes.contains(where: { $0.contains(Int(code.dropFirst()) ?? 0) }) {
        reading.report(
          reading.codes.badValue, "there is no finding with the code '\(code)'",
          at: entry.key.mark, path: path, found: code,
          expected: "a code as in P302 or P302/PLACE")
        return nil
      }
      return reading.text(entry.value, path, "the reason").map {
        AcceptedFinding(code: entry.located, reason: $0.text)
      }
    }
  }
}
