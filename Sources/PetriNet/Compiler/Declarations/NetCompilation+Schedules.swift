internal import CEL

extension NetCompilation {
  /// `schedules:`; what they put sees `params` and `now`.
  func schedules() -> [Schedule] {
    source.schedules.map { source in
      let path = NodePath("schedules", source.name.value)
      report.check(source.name, as: .identifier, kind: "schedule", path)
      checkCron(source.cron, at: path["cron"])
      let zone = source.zone?.text ?? "UTC"
      if let text = source.zone, !text.isUnreadable, context.timeZones[zone] == nil {
        report.error(
          "P103", "unknown time zone '\(zone)'", at: text.mark, path["zone"], found: zone,
          expected: "a zone of the system, UTC, or an offset such as +09:00")
      }
      checkTargets(source, at: path["put"])
      let bare = TransitionSource(
        name: source.name, work: .plain(OutputSource(puts: [], mark: source.put.mark)))
      let compiler = TransitionCompiler(bare, in: self, path: path)
      return Schedule(
        name: source.name.value, cron: source.cron.text, zone: zone,
        puts: compiler.outputs(source.put, outcome: .none, at: path["put"]),
        skipsMissed: skipsMissed(source.missed, at: path["missed"]),
        clock: context.timeZones[zone].flatMap { CronClock(source.cron.text, zone: $0) })
    }
  }

  private func skipsMissed(_ source: Located<String>?, at path: NodePath) -> Bool {
    guard let source, !source.value.hasSameBytes(as: "one") else { return false }
    if !source.value.hasSameBytes(as: "skip") {
      report.error(
        "F124", "'missed' is skip or one", at: source.mark, path, found: source.value,
        expected: "skip or one")
    }
    return true
  }

  /// P122: into start and shared places only.
  private func checkTargets(_ source: ScheduleSource, at path: NodePath) {
    for entry in source.put.puts {
      guard let index = placeIndices[entry.place.value] else { continue }
      switch places[index].place.kind {
      case .start, .shared: break
      case .ordinary, .end, .message:
        report.error(
          "P122", "the schedule '\(source.name.value)' puts into '\(entry.place.value)'",
          at: entry.place.mark, path[entry.place.value], found: entry.place.value,
          expected: "a start or a shared place")
      }
    }
  }

  private func checkCron(_ text: SourceText, at path: NodePath) {
    guard !text.isUnreadable, let problem = CronExpression.problem(in: text.text) else { return }
    report.error(
      "P102", "the cron expression is wrong", at: text.mark, path, found: problem.found,
      expected: problem.expected)
  }
}
