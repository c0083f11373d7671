internal import CEL

extension TransitionCompiler {
  func judge(_ source: JudgeSource) -> JudgeWork {
    let prompt = prompt(source.prompt)
    let model = model(source.model)
    let agree = agree(source.agree, of: model)
    var timeout: Int64?
    if let text = source.timeout {
      timeout = net.duration(text, at: path["timeout"])
    } else {
      report.error(
        "F123", "the judge '\(name)' has no timeout", at: self.source.name.mark, path["timeout"],
        found: "nothing", expected: "timeout: 5s",
        help: "a model may never answer; the timeout counts from the start, over everything")
    }
    var with: [Program] = []
    if let prompt {
      with = questionFields(source, net.prompts[prompt])
      checkLabels(net.prompts[prompt], asked: model, at: source.prompt.mark)
    } else {
      let put = PutSource.fields(source.with, copy: nil, self.source.name.mark)
      checkAlone(put, in: scope(for: .firing(.none)), at: path["with"])
    }
    return JudgeWork(
      prompt: prompt.map(net.use) ?? 0, with: with, timeoutMicroseconds: timeout ?? 0,
      model: model, agree: agree, atLeast: atLeast(source.atLeast, model),
      routes: verdictRoutes(source, prompt.map { net.prompts[$0] }))
  }

  private func prompt(_ name: Located<String>) -> Int? {
    let index = net.prompts.firstIndex { $0.name.hasSameBytes(as: name.value) }
    if index == nil {
      report.unknown(
        "prompt", name, in: "'\(self.name)'", among: net.prompts.map(\.name), path["judge"])
    }
    return index
  }

  /// What is routed is taken as a label where the labels are not known.
  private func labels(_ source: JudgeSource, _ prompt: Prompt?) -> [String] {
    if let prompt, !prompt.lacksLabels { return prompt.outcomes }
    return source.then.filter { !$0.outcome.isUnreadable }.map(\.outcome.value).filter {
      !$0.hasSameBytes(as: "fallback")
    }
  }

  private func verdictRoutes(_ source: JudgeSource, _ prompt: Prompt?) -> [Route] {
    let labels = labels(source, prompt)
    let given = Self.index(source.then.map(\.outcome.value))
    func isRouted(_ label: String) -> Bool { given[label] != nil }

    let rest = labels.filter { !isRouted($0) }
    var known = labels.map { label in
      let members = isRouted(label) ? [label] : rest
      let type: ValueType =
        switch prompt.flatMap({ $0.lacksLabels ? nil : $0.labels }) {
        case nil: .dyn
        case .boolean?: .bool
        case .strings?:
          .enumeration(
            EnumerationType(name: EnumerationType.verdictName, members: members))
        }
      return KnownOutcome(name: label, isRequired: true, variable: .verdict(type))
    }
    known.append(
      KnownOutcome(
        name: "fallback", isRequired: true, variable: .fallback,
        reason: "a model may be silent, late or unreachable; where shall the case go then?"))
    return routes(source.then, of: known, subject: "the judge", unknownCode: "P108")
  }

  /// One expression for each field of the prompt, in its order.
  private func questionFields(_ source: JudgeSource, _ prompt: Prompt) -> [Program] {
    let at = path["with"]
    let names = prompt.fields.map(\.name)
    for given in source.with where !names.contains(where: { $0.hasSameBytes(as: given.name.value) })
    {
      _ = net.compile(given.value, in: scope(for: .firing(.none)), at: at[given.name.value])
      if prompt.lacksFields, !Nearest.isSlip(given.name.value, of: names) { continue }
      report.unknown(
        "field", given.name, in: "the prompt '\(prompt.name)'", among: prompt.fields.map(\.name),
        at[given.name.value])
    }
    let scope = scope(for: .firing(.none))
    return prompt.fields.compactMap { field in
      let noun = "the field '\(field.name)' of the prompt '\(prompt.name)'"
      guard let given = source.with.first(where: { $0.name.value.hasSameBytes(as: field.name) })
      else {
        if source.with.contains(where: \.name.isUnreadable) { return nil }
        report.error(
          "P102", "\(noun) is not given", at: self.source.name.mark, at, found: "nothing",
          expected: "\(field.name): \(field.colour)")
        return nil
      }
      let fieldPath = at[field.name]
      guard let program = net.compile(given.value, in: scope, at: fieldPath),
        fits(program, given.value, into: field.colour, noun, at: fieldPath)
      else { return nil }
      flow(
        program, in: scope,
        to: .value(field.colour, isPersonal: field.isPersonal, isTrusted: field.isTrusted),
        given.value.mark, fieldPath, noun)
      return program
    }
  }

  private func model(_ source: JudgeSource.ModelSource?) -> JudgeWork.Model {
    let at = path["model"]
    switch source {
    case nil: return .standard
    case .several(let names)?:
      for name in names { checkAlias(name, at: at) }
      if names.isEmpty {
        report.error(
          "P102", "the list of models is empty", at: self.source.name.mark, at, found: "[]",
          expected: "[ALIAS, ...]")
      }
      return .several(names.map(\.value))
    case .one(let text)?:
      if NameRules.isXID(text.text, joined: ["-"]) {
        checkAlias(Located(text.text, text.mark), at: at)
        return .alias(text.text)
      }
      let scope = scope(for: .firing(.none))
      guard let program = net.compile(text, in: scope, at: at) else { return .standard }
      guard case .enumeration(let type) = program.type else {
        if case .dyn = program.type, net.mayFollow { return .standard }
        report.error(
          "P102", "a computed model is of an enumeration", at: text.mark, at,
          found: "\(program.type)", expected: "an enumeration whose members are aliases")
        return .standard
      }
      for member in type.members { checkAlias(Located(member, text.mark), at: at) }
      flow(program, in: scope, to: .clear, text.mark, at, "'model'")
      return .computed(program)
    }
  }

  private func checkAlias(_ alias: Located<String>, at path: NodePath) {
    guard let models = net.context.models, !alias.isUnreadable,
      !models.contains(where: { $0.name.hasSameBytes(as: alias.value) })
    else { return }
    report.unknown("model alias", alias, in: "'\(name)'", among: models.map(\.name), path)
  }

  /// Without `agree` all models of a list must agree.
  private func agree(_ text: SourceText?, of model: JudgeWork.Model) -> Int {
    let at = path["agree"]
    guard case .several(let aliases) = model else {
      if let text {
        report.error(
          "P116", "'agree' needs a list of models", at: text.mark, at, found: "one model",
          expected: "model: [ALIAS, ALIAS, ...]")
      }
      return 1
    }
    guard let text else { return aliases.count }
    guard let number = net.integer(text, in: 1...Int.max, at: at) else { return aliases.count }
    if number > aliases.count {
      report.error(
        "P116", "more models must agree than are asked", at: text.mark, at, found: "\(number)",
        expected: "at most \(aliases.count)")
    }
    return number
  }

  private func atLeast(_ text: SourceText?, _ model: JudgeWork.Model) -> Double? {
    guard let text, !text.isUnreadable else { return nil }
    let at = path["at_least"]
    guard let number = Double(plain: text.text), (0...1).contains(number) else {
      report.error(
        "P102", "'at_least' is a confidence", at: text.mark, at, found: text.text,
        expected: "a number from 0 to 1")
      return nil
    }
    // Votes say how sure an answer of several is.
    if case .several = model { return number }
    for known in models(of: model) where !known.hasConfidence {
      report.error(
        "P116", "the model '\(known.name)' gives no confidence", at: text.mark, at,
        found: known.name,
        expected: "votes: model: [ALIAS, ALIAS, ...] and agree",
        help: "confidence is the share of the models that gave the label")
    }
    return number
  }

  /// The models that a judge may ask, as far as the configuration says.
  private func models(of model: JudgeWork.Model) -> [ModelAlias] {
    guard let models = net.context.models else { return [] }
    switch model {
    case .alias(let alias): return models.filter { $0.name.hasSameBytes(as: alias) }
    case .several(let aliases):
      return models.filter { known in aliases.contains { $0.hasSameBytes(as: known.name) } }
    case .standard: return models.filter { $0.isDefault || models.count == 1 }
    case .computed: return models
    }
  }

  /// Probabilities of tokens tell labels apart where they part (CONFIG §2): none may begin another.
  private func checkLabels(_ prompt: Prompt, asked model: JudgeWork.Model, at mark: SourceMark) {
    guard !prompt.lacksLabels, case .strings(let labels) = prompt.labels,
      let known = models(of: model).first(where: \.hasConfidence)
    else { return }
    for (label, other) in labels.flatMap({ one in labels.map { (one.name, $0.name) } })
    where label.utf8.count < other.utf8.count && other.utf8.starts(with: label.utf8) {
      report.error(
        "P116",
        "the label '\(label)' begins another, and '\(known.name)' tells labels apart by "
          + "the probabilities of their tokens", at: mark, path["judge"], found: other,
        expected: "labels none of which begins another, or confidence: none")
    }
  }
}

extension NetCompilation {
  /// The index in the net of a prompt that is used.
  func use(_ prompt: Int) -> Int {
    if let index = usedPrompts.firstIndex(of: prompt) { return index }
    usedPrompts.append(prompt)
    return usedPrompts.count - 1
  }
}
