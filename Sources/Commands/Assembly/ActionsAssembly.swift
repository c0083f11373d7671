internal import HTTPActions
internal import PetriNet
internal import Transfer
internal import Workflows

extension HTTPActionsConfiguration {
  /// The services and bound actions of petrel.yaml, their secrets read.
  init(_ configuration: Configuration) throws {
    self.init(
      services: try configuration.services.map { try ServiceConfiguration($0) },
      actions: configuration.actions.map(ActionBinding.init))
  }
}

extension ServiceConfiguration {
  init(_ service: Configuration.Service) throws {
    self.init(name: service.name.value, url: service.url.value)
    headers = try service.headers.map { try TransferRequest.Header($0) }
    plain = service.plain
    allowsPrivate = service.allowsPrivate
    certificates = service.certificates
    proxy = service.proxy
    concurrency = service.concurrency
    connectMilliseconds = service.connectMicroseconds / 1_000
    replyMax = service.replyBytesMax
    isOpen = service.isOpen
  }
}

extension ActionBinding {
  init(_ binding: Configuration.ActionBinding) {
    self.init(
      action: ActionName(binding.action.value), service: binding.service.value,
      path: binding.path.value)
    method = binding.method.rawValue
    query = binding.query.map { Named($0.name, $0.text) }
    headers = binding.headers.map { Named($0.name, $0.text) }
    switch binding.body {
    case .none: body = .none
    case .json: body = .json
    case .form: body = .form
    case .template(let node): body = .template(node.text)
    }
    switch binding.idempotency {
    case .none: idempotency = .none
    case .header(let name): idempotency = .header(name)
    case .field(let name): idempotency = .field(name)
    }
    switch binding.result {
    case .body: result = .body
    case .status: result = .status
    case .bytes: result = .bytes
    case .text: result = .text
    case .pointers(let fields): result = .pointers(fields.map { Named($0.name, $0.text) })
    }
    refusesExtra = binding.refusesExtra
    ok = binding.ok
    errors = binding.errors.map { rule in
      ErrorRule(
        status: rule.status,
        conditions: rule.conditions.map { Named($0.pointer, $0.value.text) }, code: rule.code,
        retry: rule.retry, mayHaveHappened: rule.happened == .maybe)
    }
  }
}
