import Petrel

import struct Foundation.Date

enum Mood: String, Enumeration, Verdict { case good, bad }

struct Item: Record {
  var name: String
  var mood: Mood
  var note: String?

  static let fields = [
    Field("name", \Item.name, max: 80), Field("mood", \Item.mood), Field("note", \Item.note),
  ]
}

struct Batch: Record {
  var id: String
  var who: String
  var items: [Item]
  var until: Date

  static let fields = [
    Field("id", \Batch.id), Field("who", \Batch.who, .trusted),
    Field("items", \Batch.items, max: 50), Field("until", \Batch.until),
  ]
}

struct Machine: Record {
  var name: String
  var mood: Mood

  static let fields = [Field("name", \Machine.name), Field("mood", \Machine.mood)]
}

struct Making: Record {
  var name: String
  var by: String

  static let fields = [Field("name", \Making.name), Field("by", \Making.by)]
  static let isInline = true
}

struct Round: Record {
  var round: Int

  static let fields = [Field("round", \Round.round, within: 0...9)]
  static let isInline = true
}

struct Note: Record {
  var id: String
  var batch: String

  static let fields = [Field("id", \Note.id), Field("batch", \Note.batch)]
  static let isInline = true
}

struct Looked: Record {
  var item: Item
  var by: String

  static let fields = [Field("item", \Looked.item), Field("by", \Looked.by)]
  static let isInline = true
}

struct MoodQuestion: Record {
  var text: String

  static let fields = [Field("text", \MoodQuestion.text, max: 80)]
}

struct Mending: Record {
  var note: String

  static let fields = [Field("note", \Mending.note, max: 200)]
  static let isInline = true
}

enum Look: String, Outcome { case fine, mend }
enum OtherEnds: String, Outcome { case done, lost }

/// `Files/every-construct.yaml` in Swift.
struct EveryConstruct {
  let roundsMax = Parameter("rounds_max", 2)
  let patience = Parameter("patience", Duration.seconds(90 * 60))

  let make = FinalAction<Making, Item>("item.make")

  let machines = SharedPlace<Machine>(
    "machines", key: \.name, initial: [["name": "any", "mood": "good"]])
  let asked = StartPlace<Batch>("asked", capacity: 1000)
  let stop = Place<Cancellation>("stop")
  let open = Place<Unit>("open")
  let items = Place<Item>(
    "items", capacity: 100,
    order: [.ascending(\.mood), .descending(\.name), .available])
  let made = Place<Item>("made")
  let rounds = Place<Round>("rounds")
  let notes = MessagePlace<Note>("notes", key: \.id, keep: .days(7))
  let looked = Place<Looked>("looked")
  let finished = EndPlace<[Item]>("finished")
  let givenUp = EndPlace<Reason>("given_up", many: true)

  var permits: SharedPlace<Unit> { SharedPlace("permits", initial: roundsMax.value) }

  var workflow: Workflow {
    Workflow(
      "every-construct",
      imports: [
        Library("machines", file: "lib-machines.yaml", types: [Mood.self], places: [machines])
      ],
      parameters: [roundsMax, patience], actions: [make],
      case: CaseRules(
        key: asked.input.id, again: .refuse, keep: .days(2),
        labels: [(name: "batch", value: asked.input.id)], subject: asked.input.who, cancel: stop),
      places: [
        asked, stop, open, items, made, rounds, notes, permits, looked, finished, givenUp,
      ],
      transitions: [split, making, sort, look, again, collect, late, deep],
      invariants: [
        .always("permits_kept", permits.count + Formula(cel: "make") <= roundsMax.value),
        .always("named", machines.count + Formula(cel: "make.m") <= 1, by: "name"),
        .eventually("some", finished.count > 0),
        .leads("ends", open.count > 0, to: finished.count + givenUp.count > 0),
      ],
      schedules: [
        Schedule(
          "nightly", cron: "0 3 * * mon-fri", zone: "UTC", puts: [permits.put()], missed: .skip)
      ],
      accepted: [(code: "P302", reason: "waits for the machines on purpose")])
  }

  private var split: Transition {
    let b = asked.token("b")
    let hasNames = !b.items.exists(as: "i") { $0.name == "" }
    return .plain(
      "split", in: [b], guard: b.items.elementCount() > 0 && hasNames,
      puts: open.put(), items.putEach(b.items), rounds.put(.set(\.round, 0)))
  }

  private var making: Transition {
    let i = items.token("i")
    let m = machines.token("m")
    let p = permits.token("p")
    let back = [machines.put(m), permits.put()]
    let fits = m.mood == i.mood || Formula.list("any", i.name).contains(m.name)
    return .action(
      "make", in: [i, m.where(fits), p], unless: [stop.token("s")],
      guard: i.note == .null || i.name.size > 3, priority: 2, performs: make,
      with: .fields(.set(\.name, i.name + "-" + m.name), .set(\.by, m.name)),
      timeout: .seconds(10),
      retry: .attempts(3, from: .milliseconds(500), upTo: .minutes(1)),
      limit: .max(4, per: m.name),
      ok: { [made.put($0), machines.put(m).after(.seconds(5)), permits.put()] },
      failed: { [givenUp.put(.set(\.why, $0.code))] + back },
      unknown: { error in
        let attempts = Formula<String>(cel: "string(error.attempts)")
        return [givenUp.put(.set(\.why, "nobody knows after " + attempts))] + back
      })
  }

  private var sort: Transition {
    let i = made.token("i")
    let n = notes.token("n")
    return .judge(
      "sort", in: [i], read: [n.where(n.batch == asked.input.id)],
      asks: Question<MoodQuestion, Mood>("mood"), with: [.set(\.text, i.name)],
      timeout: patience.value, model: .several(["north", "south"], agree: 2),
      then: { mood in
        switch mood {
        case .good: [looked.put(.set(\.item, i), .set(\.by, n.id))]
        case .bad: [items.put(copying: i, .set(\.mood, .bad))]
        }
      },
      fallback: { [givenUp.put(.set(\.why, $0))] })
  }

  private var look: Transition {
    let l = looked.token("l")
    return .task(
      "look", in: l, title: "{{input.id}}: {{l.item.name}}", shows: [.show("name", l.item.name)],
      for: .computed(l.by), not: .list(l.by), due: .at(asked.input.until),
      then: { (outcome: Look) in
        switch outcome {
        case .fine: .puts(made.put(l.item))
        case .mend:
          .form(Mending.self) { [items.put(copying: l.item, .set(\.note, some: $0.note))] }
        }
      })
  }

  private var again: Transition {
    let r = rounds.token("r")
    let next = rounds.put(.set(\.round, r.round + 1))
    return .choose(
      "again", in: [r.after(patience.value)],
      .when(
        "more", r.round + 1 < roundsMax.value,
        next.at(Firing.now + patience.value * (r.round + 1))),
      otherwise: [givenUp.put(.set(\.why, (r.round > 1).then("rounds", otherwise: "time")))])
  }

  private var collect: Transition {
    let n = items.token("n")
    let xs = made.token("xs").count(asked.input.items.elementCount())
    return .plain(
      "collect", in: [open.token("o"), xs],
      cancel: [rounds.token("r"), n.where(n.mood == .bad)], puts: finished.put(xs))
  }

  private var late: Transition {
    let xs = made.token("xs").all
    let ys = items.token("ys").count(1, to: 3)
    let good = xs.value.filter(as: "x") { $0.mood == .good }
    return .plain(
      "late", in: [open.token("o").at(asked.input.until), xs, ys],
      puts: finished.put(good),
      givenUp.putEach(ys.value, as: "y") { place, y in place.put(.set(\.why, y.name)) })
  }

  private var deep: Transition {
    let s = stop.token("s")
    return .call(
      "deep", in: [s, open.token("o")], calls: Callee<Batch, OtherEnds>("other"),
      with: .fields(
        .set(\.id, asked.input.id), .set(\.who, s.by), .set(\.items, .list()),
        .set(\.until, Firing.caseStarted)),
      then: { end in
        switch end {
        case .done: .result(Reason.self) { [givenUp.put(.set(\.why, $0.why))] }
        case .lost: .puts(givenUp.put(.set(\.why, "lost")))
        }
      }, cancelled: [])
  }
}
