import PetriNet

extension ConfigurationReader {
  /// Names that must lead somewhere in the same configuration: C402.
  func checkReferences(of configuration: Configuration, _ map: YamlMap) {
    let endpoints = map["endpoints"].map(Self.names) ?? []
    for alias in configuration.models {
      for name in alias.endpoints + alias.shadow where !Self.contains(endpoints, name.value) {
        unknown("endpoint", name, endpoints, join("models", alias.name.value))
      }
    }
    let quotas = map["quotas"].map(Self.names) ?? []
    for endpoint in configuration.endpoints {
      guard let name = endpoint.quota else { continue }
      let place = join("endpoints", endpoint.name.value)
      if !Self.contains(quotas, name.value) { unknown("quota", name, quotas, place) }
      let hasBudget = configuration.quotas.contains {
        $0.name.value.utf8.elementsEqual(name.value.utf8) && $0.budgetADay != nil
      }
      guard hasBudget, endpoint.prices == nil else { continue }
      reading.report(
        "C402", "a budget needs prices", at: name.mark, path: place, found: "no prices",
        expected: "prices: {currency, input, output} beside it")
    }
    let aliases = map["models"].map(Self.names) ?? []
    if let model = configuration.model {
      if !Self.contains(aliases, model.value) { unknown("model", model, aliases, "model") }
    } else if aliases.count > 1, map["model"] == nil, let node = map.entry("models") {
      reading.report(
        "C402", "several models, and none is the default", at: node.key.mark, path: "models",
        found: aliases.joined(separator: ", "), expected: "model: ALIAS",
        help: "judges without model: use the default")
    }
    let services = map["services"].map(Self.names) ?? []
    for action in configuration.actions where !Self.contains(services, action.service.value) {
      unknown("service", action.service, services, join("actions", action.action.value))
    }
  }

  private static func names(of node: YamlNode) -> [String] {
    guard case .map(let entries) = node.content else { return [] }
    return entries.map(\.name)
  }

  private static func contains(_ names: [String], _ name: String) -> Bool {
    names.contains { $0.utf8.elementsEqual(name.utf8) }
  }

  private func unknown(
    _ what: String, _ name: Located<String>, _ known: [String], _ path: String
  ) {
    reading.report(
      "C402", "unknown \(what) '\(name.value)'", at: name.mark, path: path, found: name.value,
      expected: known.isEmpty
        ? "a \(what) listed under \(what)s" : "one of \(known.joined(separator: ", "))",
      nearest: Nearest.name(to: name.value, among: known))
  }
}
