/// Words of other languages and tools for names that these files have.
enum Synonym {
  private static let table: [(words: [String], name: String)] = [
    (["integer", "long", "int64", "number"], "int"), (["float", "decimal", "real"], "double"),
    (["str", "text", "varchar", "String"], "string"), (["boolean"], "bool"),
    (["date", "datetime", "time", "instant"], "timestamp"), (["interval", "period"], "duration"),
    (["null", "void", "none", "empty"], "unit"), (["binary"], "bytes"),
    (["steps", "activities", "tasks", "nodes", "jobs"], "transitions"),
    (["states", "queues", "statuses"], "places"), (["inputs", "from", "takes"], "in"),
    (["outputs", "to", "puts"], "out"), (["condition", "if", "when"], "guard"),
    (["condition", "if", "guard"], "when"), (["parameters", "variables", "vars"], "params"),
    (["functions", "effects"], "actions"), (["args", "arguments", "inputs", "input"], "with"),
    (["default", "otherwise"], "else"), (["success", "succeeded", "done"], "ok"),
    (["error", "failure", "fail"], "failed"), (["llm", "question", "ask"], "judge"),
    (["imports", "include", "includes", "uses"], "import"),
    (["deadline", "expires"], "timeout"), (["switch", "branch", "branches"], "choose"),
    (["outcomes", "routes", "on", "next"], "then"), (["name", "id"], "workflow"),
    (["error", "otherwise", "default"], "fallback"), (["yes", "True"], "true"),
    (["no", "False"], "false"), (["retries"], "retry"), (["human", "manual"], "task"),
  ]

  /// The first of the candidates that somebody may have meant.
  static func name(for word: String, among candidates: some Sequence<String>) -> String? {
    for row in table where row.words.contains(where: { $0.utf8.elementsEqual(word.utf8) }) {
      if let found = candidates.first(where: { $0.utf8.elementsEqual(row.name.utf8) }) {
        return found
      }
    }
    return nil
  }
}
