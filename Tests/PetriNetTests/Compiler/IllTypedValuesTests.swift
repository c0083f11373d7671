import PetriNet
import Testing

@Suite struct IllTypedValuesTests {
  @Test(arguments: cases)
  func `literals, numbers, titles and inputs that do not fit are told`(net: BrokenNet) {
    #expect(net.compiled == net.findings)
  }

  static let cases: [BrokenNet] = [
    BrokenNet(
      "start places of two types, and personal outside a record",
      """
      workflow: w
      places:
        asked: {start: {order: string}}
        told: {start: personal string}
        done: {end: unit}
      transitions:
        a: {in: {r: asked}, out: {done: unit}}
        b: {in: {r: told}, out: {done: unit}}
      """,
      [
        Finding(
          "P102", "'personal' stands only on a field of a record", at: .at(4, 17, 15),
          node: "places.told", found: "personal", expected: "{FIELD: personal TYPE}"),
        Finding(
          "P102", "all start places have one type", at: .at(4, 17, 15), node: "places.told",
          found: "string", expected: "{order: string}"),
      ]),
    BrokenNet(
      "durations and numbers that are none",
      """
      workflow: w
      params: {n: int = 0, d: duration = 0s}
      places:
        asked: {start: {order: string}, capacity: params.n}
        mail: {message: unit, keep: 5 days}
        done: {end: unit}
      transitions:
        a: {in: {r: {from: asked, after: 5sec}, m: mail}, out: {done: unit}}
        b: {in: {r: asked}, judge: open, with: {text: "'x'"}, timeout: params.d, then: {else: \
      {done: unit}, fallback: {done: unit}}}
        c: {in: {r: asked}, action: log.write, with: r, retry: {attempts: 0, backoff: \
      30s..1s}, then: {else: {done: unit}}}
        d: {in: {r: {from: asked, count: 3..2}}, out: {done: unit}}
      """,
      [
        Finding(
          "P102", "the number is out of range", at: .at(4, 45, 8),
          node: "places.asked.capacity", found: "0", expected: "at least 1"),
        Finding(
          "P102", "'5 days' is no duration", at: .at(5, 31, 6), node: "places.mail.keep",
          found: "5 days", expected: "500ms, 5s, 10m, 8h, 2d or CEL of type duration"),
        Finding(
          "P102", "'5sec' is no duration", at: .at(8, 36, 4), node: "transitions.a.in.r.after",
          found: "5sec", expected: "500ms, 5s, 10m, 8h, 2d or CEL of type duration"),
        Finding(
          "P102", "the duration is zero", at: .at(9, 66, 8), node: "transitions.b.timeout",
          found: "params.d", expected: "a duration above zero"),
        Finding(
          "P102", "the number is out of range", at: .at(10, 69, 1),
          node: "transitions.c.retry.attempts", found: "0", expected: "1..1000"),
        Finding(
          "P102", "the backoff falls", at: .at(10, 81, 3), node: "transitions.c.retry.backoff",
          found: "30s..1s", expected: "a lower end that is not above the upper"),
        Finding(
          "P102", "the range of the count is empty", at: .at(11, 36, 1),
          node: "transitions.d.in.r.count", found: "3..2",
          expected: "a lower end that is not above the upper"),
      ]),
    BrokenNet(
      "a task on two tokens, and one on a list",
      """
      workflow: w
      places:
        asked: {start: {order: string}}
        done: {end: unit}
      transitions:
        a: {in: {r: asked, s: asked}, task: A, then: {yes: {done: unit}}}
        b: {in: {r: {from: asked, count: 2}}, task: B, then: {yes: {done: unit}}}
      """,
      [
        Finding(
          "P102", "the task 'a' needs exactly one arc of `in`, for one token",
          at: .at(6, 3, 1), node: "transitions.a.in", found: "2 arcs",
          expected: "one arc without count"),
        Finding(
          "P102", "the task 'b' needs exactly one arc of `in`, for one token",
          at: .at(7, 3, 1), node: "transitions.b.in", found: "a count",
          expected: "one arc without count"),
      ]),
    BrokenNet(
      "titles with values that cannot be shown",
      """
      workflow: w
      places:
        asked: {start: {order: string}}
        done: {end: unit}
      transitions:
        a: {in: {r: asked}, task: "{{r}} and {{size(r.order)}} and {{r.order", then: {yes: \
      {done: unit}}}
      """,
      [
        Finding(
          "P102", "a title shows no value of this type", at: .at(6, 32, 1),
          node: "transitions.a.task", found: "{order: string}",
          expected: "a string, number, bool or time"),
        Finding(
          "P102", "a title shows a variable or a field of it", at: .at(6, 42, 13),
          node: "transitions.a.task", found: "size(r.order)", expected: "{{x.y}}",
          help: "put the value into the token that the task takes"),
        Finding(
          "P102", "the title has '{{' without '}}'", at: .at(6, 62, 2),
          node: "transitions.a.task", found: "{{", expected: "{{x.y}}"),
      ]),
    BrokenNet(
      "forms that hide who answered, and due of no time",
      """
      workflow: w
      types: {Word: [a]}
      places:
        asked: {start: {order: string}}
        done: {end: unit}
      transitions:
        a: {in: {r: asked}, task: A, due: r.order, ask: {yes: {by: string, at: Word}}, then: \
      {yes: {done: unit}, no: {done: unit}}}
      """,
      [
        Finding(
          "P102", "'due' is a duration or an instant", at: .at(7, 37, 7),
          node: "transitions.a.due", found: "string",
          expected: "D, or CEL of type duration or timestamp"),
        Finding(
          "P102", "a form has no field 'by'", at: .at(7, 57, 22),
          node: "transitions.a.ask.yes", found: "by", expected: "another name",
          help: "answer.by says who answered"),
        Finding(
          "P102", "a form has no field 'at'", at: .at(7, 57, 22),
          node: "transitions.a.ask.yes", found: "at", expected: "another name",
          help: "answer.at says when answered"),
      ]),
    BrokenNet(
      "a case that is cancelled into the wrong place",
      """
      workflow: w
      case: {key: input.n, cancel: done}
      places:
        asked: {start: {n: int}}
        done: {end: unit}
      transitions:
        finish: {in: {r: asked}, out: {done: unit}}
      """,
      [
        Finding(
          "P102", "expected string, found int", at: .at(2, 13, 7), node: "case.key",
          found: "int", expected: "string"),
        Finding(
          "P102", "'done' cannot take a cancellation", at: .at(2, 30, 4), node: "case.cancel",
          found: "a place that is start, end or shared",
          expected: "a place of cases of type {by: string, why: string}"),
      ]),
    BrokenNet(
      "initial tokens that do not fit, or have one key",
      """
      workflow: w
      places:
        asked: {start: unit}
        room: {shared: unit, initial: 5, capacity: 3}
        lots: {shared: {id: string}, key: id, initial: [{id: a}, {id: a}, {name: b}, 3]}
        done: {end: unit}
      transitions:
        a: {in: {r: asked, u: room, l: lots}, out: {done: unit}}
      """,
      [
        Finding(
          "P102", "'room' begins with more tokens than it holds", at: .at(4, 3, 4),
          node: "places.room.initial", found: "5", expected: "at most 3"),
        Finding(
          "P102", "two initial tokens of 'lots' have the same key", at: .at(5, 3, 4),
          node: "places.lots.initial", found: "one key twice", expected: "another id in each"),
        Finding(
          "P102", "the field 'id' is missing", at: .at(5, 69, 9),
          node: "places.lots.initial.2", found: "nothing", expected: "string"),
        Finding(
          "P103", "unknown field 'name' in {id: string}", at: .at(5, 70, 4),
          node: "places.lots.initial.2", found: "name", expected: "one of id"),
        Finding(
          "P102", "the literal does not fit its type", at: .at(5, 80, 1),
          node: "places.lots.initial.3", found: "'3'", expected: "{id: string}"),
      ]),
    BrokenNet(
      "each over no list, in each, and with two waits",
      """
      workflow: w
      places:
        asked: {start: {names: list<string>}}
        work: string
        done: {end: unit}
      transitions:
        a: {in: {r: asked}, out: {work: {each: size(r.names)}}}
        b: {in: {r: asked}, out: {work: {each: r.names, as: x, put: {each: r.names}}}}
        c: {in: {r: asked}, out: {work: {each: r.names, as: x, after: 1s, put: {put: x, \
      after: 2s}}}}
        d: {in: {w: work}, out: {done: unit}}
      """,
      [
        Finding(
          "P102", "'each' needs a list", at: .at(7, 42, 13),
          node: "transitions.a.out.work.each", found: "int", expected: "a list"),
        Finding(
          "P102", "'each' stands in no other 'each'", at: .at(8, 70, 7),
          node: "transitions.b.out.work", found: "each", expected: "one list"),
        Finding(
          "P102", "a token has one wait", at: .at(9, 90, 2), node: "transitions.c.out.work",
          found: "two", expected: "one `after` or `at`"),
      ]),
    BrokenNet(
      "what an action does not take",
      """
      workflow: w
      actions: {pay: {takes: {order: string, amount: int}, returns: unit, effect: none}, \
      tell: {takes: string, returns: unit, effect: none}}
      places:
        asked: {start: {order: string}}
        done: {end: unit}
      transitions:
        a: {in: {r: asked}, action: pay, with: r, then: {else: {done: unit}}}
        b: {in: {r: asked}, action: pay, with: {order: r.order}, then: {else: {done: unit}}}
        c: {in: {r: asked}, action: tell, then: {else: {done: unit}}}
        d: {in: {r: asked}, action: tell, with: {a: r.order}, then: {else: {done: unit}}}
        e: {in: {r: asked}, action: case.start, with: r, then: {else: {done: unit}}}
      """,
      [
        Finding(
          "P102", "the value does not fit into the input of 'pay' (field amount)",
          at: .at(7, 42, 1), node: "transitions.a.with",
          found: "no such field in {order: string}", expected: "int"),
        Finding(
          "P102", "the field 'amount' of the input of 'pay' is not given", at: .at(8, 42, 16),
          node: "transitions.b.with", found: "nothing", expected: "int"),
        Finding(
          "P102", "the input of 'tell' is not given", at: .at(9, 3, 1),
          node: "transitions.c.with", found: "nothing", expected: "string"),
        Finding(
          "P102", "the input of 'tell' takes no record", at: .at(10, 43, 12),
          node: "transitions.d.with", found: "a record", expected: "string"),
        Finding(
          "P102", "'case.start' takes a map", at: .at(11, 3, 1), node: "transitions.e.with",
          found: "an expression", expected: "{workflow: CEL, start: CEL, value: CEL}"),
      ]),
    BrokenNet(
      "schedules that are none",
      """
      workflow: w
      places:
        asked: {start: {order: string}}
        done: {end: unit}
      transitions:
        finish: {in: {r: asked}, out: {done: unit}}
      schedules:
        daily: {cron: "61 * * *", put: {asked: {order: "'x'"}}}
        yearly: {cron: "0 25 * jan-foo *", zone: Asia/Soul, put: {done: unit}}
      """,
      [
        Finding(
          "P102", "the cron expression is wrong", at: .at(8, 17, 10),
          node: "schedules.daily.cron", found: "4 fields",
          expected: "minute hour day month weekday"),
        Finding(
          "P102", "the cron expression is wrong", at: .at(9, 18, 18),
          node: "schedules.yearly.cron", found: "'25'",
          expected: "hour: *, 0..23, ranges a-b, steps /n, lists"),
        Finding(
          "P103", "unknown time zone 'Asia/Soul'", at: .at(9, 44, 9),
          node: "schedules.yearly.zone", found: "Asia/Soul",
          expected: "a zone of the system, UTC, or an offset such as +09:00"),
        Finding(
          "P122", "the schedule 'yearly' puts into 'done'", at: .at(9, 61, 4),
          node: "schedules.yearly.put.done", found: "done",
          expected: "a start or a shared place"),
      ]),
  ]
}
