/// Chat completions as many others serve them. How such a server deviates is said with the endpoint
/// (`deviations`).
extension Dialect {
  static let compatible: Dialect = {
    var dialect = Dialect(name: "compatible", compared: "2026-11", chat: ChatProtocol())
    dialect.path = { $0.deviations.path }
    dialect.answersBare = { $0.deviations.answersBare }
    dialect.request = { ChatProtocol($1.deviations).request($0, $1, $2) }
    dialect.reply = { ChatProtocol($1.deviations).reply($0, $1) }
    return dialect
  }()
}

extension ChatProtocol {
  init(_ deviations: Deviations) {
    self.init()
    limitKey = deviations.limitKey
    schema = deviations.schema
    instructions = deviations.instructions
    ends.formUnion(deviations.ends)
  }
}
