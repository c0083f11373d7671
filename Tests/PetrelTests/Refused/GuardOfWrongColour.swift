import Petrel

func guardOfWrongColour() -> Transition {
  let guarded = r.cents > 0  // error: has no dynamic member 'cents'
  return .plain("move", in: [r], guard: guarded, puts: done.put(r))
}
