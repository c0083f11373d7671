import PetriNet

extension ConfigurationReader {
  /// Names that must lead somewhere in the same configuration: C402.
  func checkReferences(of configuration: Configuration, _ map: YamlMap) {
    let endpoints = Self.names(of: map["endpoints"])
    for alias in configuration.models {
      for name in alias.endpoints + alias.shadow where !endpoints.contains(name.value) {
        unknown("endpoint", name, endpoints.list, join("models", alias.name.value))
      }
    }
    let quotas = Self.names(of: map["quotas"])
    for endpoint in configuration.endpoints {
      guard let name = endpoint.quota else { continue }
      let place = join("endpoints", endpoint.name.value)
      if !quotas.contains(name.value) { unknown("quota", name, quotas.list, place) }
      let hasBudget = configuration.quotas.contains {
        $0.name.value.utf8.elementsEqual(name.value.utf8) && $0.budgetADay != nil
      }
      guard hasBudget, endpoint.prices == nil else { continue }
      reading.report(
        "C402", "a budget needs prices", at: name.mark, path: place, found: "no prices",
        expected: "prices: {currency, input, output} beside it")
    }
    let aliases = Self.names(of: map["models"])
    if let model = configuration.model {
      if !aliases.contains(model.value) { unknown("model", model, aliases.list, "model") }
    } else if aliases.list.count > 1, !map.isInPart, map["model"] == nil,
      let node = map.entry("models")
    {
      reading.report(
        "C402", "several models, and none is the default", at: node.key.mark, path: "models",
        found: aliases.list.joined(separator: ", "), expected: "model: ALIAS",
        help: "judges without model: use the default")
    }
    let services = Self.names(of: map["services"])
    for action in configuration.actions
    where action.service.mark != .none && !services.contains(action.service.value) {
      unknown("service", action.service, services.list, join("actions", action.action.value))
    }
  }

  private struct Names {
    var list: [String]
    /// Whether some could not be read: then only slips of known ones are told.
    var isInPart: Bool

    func contains(_ name: String) -> Bool {
      list.contains { $0.utf8.elementsEqual(name.utf8) }
        || (isInPart && !Nearest.isSlip(name, of: list))
    }
  }

  private static func names(of node: YamlNode?) -> Names {
    guard let node else { return Names(list: [], isInPart: false) }
    guard case .map(let entries) = node.content else { return Names(list: [], isInPart: true) }
    return Names(list: entries.map(\.name), isInPart: !node.strays.isEmpty)
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
