internal import Engine
internal import Orchestration
internal import PetriNet
internal import Synchronization
internal import Transfer

/// The judge's state and what moves it.
///
/// Unchecked: everything mutable is touched on the loop's thread only.
final class JudgeDesk: @unchecked Sendable {
  private let loop: CurlLoop
  let surroundings: LLMJudge.Surroundings
  private var guards = PreparedGuards()
  private var open: [FiringID: [Inquiry]] = [:]
  /// Calls under way and open inquiries for the record alone; read from any thread.
  private let begun = Atomic<Int>(0)
  /// Whether calls that nobody waits for are cut at once.
  private var isSettling = false
  /// Called when no verdict of a firing is awaited any more.
  private let forget: @Sendable (FiringID) -> Void

  init(
    loop: CurlLoop, surroundings: LLMJudge.Surroundings,
    forget: @escaping @Sendable (FiringID) -> Void
  ) {
    self.loop = loop
    self.surroundings = surroundings
    self.forget = forget
  }

  /// Begins to ask the endpoints of one alias.
  ///
  /// - Parameter rotation: By how many places the labels are turned when they are offered.
  func ask(
    _ question: Question, route: Route, rotation: Int, progress: ProgressCell,
    report: @escaping @Sendable (JudgeReport) -> Void
  ) {
    if question.values.contains(where: \.holdsErased) {
      forget(question.firing)
      return report(.verdict(.fallback(.erased), nil))
    }
    let left = question.deadline.microseconds - surroundings.now().microseconds
    let deadline = MonotonicInstant.now().advanced(byMicroseconds: left)
    let preparation = guards.preparation(of: question.prompt, rotation: rotation)
    let inquiry = Inquiry(
      question: question, preparation: preparation, route: route, deadline: deadline,
      progress: progress, report: report)
    open[question.firing, default: []].append(inquiry)
    watch(inquiry)
    guard left > 0 else { return }
    enqueue(inquiry)
    for line in route.shadows {
      let shadow = Inquiry(
        question: question, preparation: preparation, route: Route(lines: [line]),
        deadline: deadline, progress: ProgressCell(), isShadow: true, report: report)
      noteBegun()
      loop.perform(at: deadline) { [weak self] in self?.close(shadow) }
      enqueue(shadow)
    }
  }

  /// Nobody waits for the firing's verdict any more; a call under way goes on for the record.
  func abandon(_ firing: FiringID) {
    for inquiry in open[firing] ?? [] { close(inquiry) }
  }

  /// The firing's verdict is here: what is still under way is cut, and on record as interrupted.
  func settle(_ firing: FiringID) {
    for inquiry in open[firing] ?? [] {
      let calls = inquiry.calls
      close(inquiry)
      for call in calls { cut(call) }
    }
  }

  /// What is not reported yet.
  var unsettled: Int { begun.load(ordering: .acquiring) }

  /// Something that is to be on record has begun, or its end has been reported.
  func noteBegun() { begun.add(1, ordering: .releasing) }
  func noteReported() { begun.subtract(1, ordering: .releasing) }

  /// Cuts what nobody waits for, now and from here on.
  func settle(_ lines: [EndpointLine]) {
    isSettling = true
    for call in lines.flatMap(\.lingering) { cut(call) }
  }

  private func watch(_ inquiry: Inquiry) {
    loop.perform(at: inquiry.deadline) { [weak self] in self?.reachDeadline(inquiry) }
    let report = inquiry.deadline.advanced(
      byMilliseconds: surroundings.deadlineReportMilliseconds)
    loop.perform(at: report) { [weak self] in
      guard let self, inquiry.isOpen else { return }
      close(inquiry)
      inquiry.report(.verdict(.fallback(inquiry.reasonAtDeadline), nil))
    }
  }

  private func reachDeadline(_ inquiry: Inquiry) {
    guard inquiry.isOpen else { return }
    if !inquiry.calls.isEmpty {
      let hasBegun = inquiry.calls.contains { $0.handle.map { $0.progress != .waiting } ?? false }
      inquiry.reasonAtDeadline = hasBegun ? .timeoutTotal : .timeoutFirstByte
      for call in inquiry.calls { linger(call, isSilent: true) }
    } else if inquiry.attempts > 0 {
      inquiry.reasonAtDeadline = .timeoutFirstByte
    }
  }

  func enqueue(_ inquiry: Inquiry) {
    guard inquiry.isOpen, .now() < inquiry.deadline else { return }
    guard inquiry.line.admits(inquiry.question.prompt, at: .now()) else {
      inquiry.line.noteRefusal(.breakerOpen)
      return refuse(inquiry, .breakerOpen)
    }
    if inquiry.attempts > 0 { inquiry.progress.queueAgain() }
    join(Turn(inquiry: inquiry), inquiry.line)
  }

  private func join(_ turn: Turn, _ line: EndpointLine) {
    line.join(turn)
    pump(line)
  }

  /// Lets nothing new begin at an endpoint, or lets it go on.
  func pause(_ line: EndpointLine, _ isPaused: Bool) {
    line.scheduler.isPaused = isPaused
    pump(line)
  }

  /// Begins what may begin at an endpoint, and at those that share its quota.
  func pump(_ line: EndpointLine) {
    guard let quota = line.quota else { return begin(at: line) }
    for line in quota.lines { begin(at: line) }
  }

  private func begin(at line: EndpointLine) {
    defer { line.noteStanding(at: .now()) }
    while true {
      let now = MonotonicInstant.now()
      switch line.next(at: now, wall: surroundings.now()) {
      case .begin(let turn):
        guard turn.inquiry.isOpen, now < turn.inquiry.deadline else {
          line.giveBack(turn, at: now)
          continue
        }
        launch(turn, line)
      case .refuse(let turn, let refusal):
        // What is at its deadline ends by that.
        let isInTime = now.advanced(byMilliseconds: 5) < turn.inquiry.deadline
        guard turn.inquiry.isOpen, !turn.isHedge, isInTime else { continue }
        line.noteRefusal(refusal.reason)
        refuse(turn.inquiry, refusal.reason)
      case .wait(let until):
        guard line.wakes(at: until) else { return }
        loop.perform(at: until) { [weak self, weak line] in
          guard let self, let line else { return }
          line.wake()
          pump(line)
        }
        return
      case .idle: return
      }
    }
  }

  private func launch(_ turn: Turn, _ line: EndpointLine) {
    let inquiry = turn.inquiry
    line.quota?.note(line)
    inquiry.attempts += 1
    if !turn.isHedge { inquiry.attemptsHere += 1 }
    let prompt = inquiry.preparation.rendering.render(
      inquiry.question.values, nonce: surroundings.nonce())
    let call = Call(
      attempt: inquiry.attempts, line: line, question: line.body(prompt),
      started: surroundings.now(), tokens: line.estimate(of: inquiry))
    inquiry.calls.append(call)
    noteBegun()
    let request = line.request(call.question, deadline: inquiry.deadline)
    call.handle = loop.start(request) { [weak self] in self?.finish(inquiry, call, $0) }
    inquiry.progress.call(inquiry.calls.compactMap(\.handle))
    if let delay = inquiry.route.hedgeMilliseconds, !inquiry.isHedged { hedge(inquiry, delay) }
  }

  /// Makes a second call if the first has not ended after `delay`.
  private func hedge(_ inquiry: Inquiry, _ delay: Int64) {
    inquiry.isHedged = true
    let instant = MonotonicInstant.now().advanced(byMilliseconds: delay)
    guard instant < inquiry.deadline else { return }
    loop.perform(at: instant) { [weak self] in
      guard let self, inquiry.isOpen, inquiry.calls.count == 1 else { return }
      join(Turn(inquiry: inquiry, isHedge: true), inquiry.hedgeLine)
    }
  }

  /// - Parameter isSilent: Whether it was given up because nothing came in time.
  private func linger(_ call: Call, isSilent: Bool = false) {
    guard !call.isLingering else { return }
    if isSilent { call.line.judge(call, .failed, at: .now()) }
    if let oldest = call.line.linger(call) { cut(oldest) }
    if isSettling { cut(call) }
    pump(call.line)
  }

  private func cut(_ call: Call) {
    call.isCut = true
    call.handle?.cancel()
  }

  func close(_ inquiry: Inquiry) {
    guard inquiry.isOpen else { return }
    inquiry.isOpen = false
    if inquiry.isShadow {
      noteReported()
    } else {
      drop(inquiry)
    }
    // Whoever keeps the deadline may come a little before this clock.
    let isOver = MonotonicInstant.now().advanced(byMilliseconds: 100) >= inquiry.deadline
    for call in inquiry.calls {
      linger(call, isSilent: isOver && call.handle?.progress == .waiting)
    }
  }

  private func drop(_ inquiry: Inquiry) {
    let firing = inquiry.question.firing
    open[firing]?.removeAll { $0 === inquiry }
    guard open[firing]?.isEmpty != false else { return }
    open[firing] = nil
    forget(firing)
  }

  /// Ends an inquiry with the call that decided it; what else is under way for it is cut.
  func conclude(_ inquiry: Inquiry, _ verdict: Verdict, _ record: CallRecord?) {
    let others = inquiry.calls
    close(inquiry)
    for call in others { cut(call) }
    guard inquiry.isShadow else { return inquiry.report(.verdict(verdict, record)) }
    guard let record else { return }
    if case .fallback(let reason) = verdict {
      inquiry.report(.call(record, reason))
    } else {
      inquiry.report(.call(record, nil))
    }
  }

  func wait(_ inquiry: Inquiry, until instant: MonotonicInstant) {
    loop.perform(at: instant) { [weak self] in self?.enqueue(inquiry) }
  }
}

extension CallScheduler.Refusal {
  /// What a question ends in that no other endpoint takes.
  fileprivate var reason: FallbackReason {
    switch self {
    case .paused: .paused
    case .breakerOpen: .breakerOpen
    case .budget: .budget
    }
  }
}
