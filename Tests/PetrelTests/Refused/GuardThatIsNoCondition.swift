import Petrel

func guardThatIsNoCondition() -> Transition {
  .plain("move", in: [o], guard: o.cents, puts: lost.put())  // error: cannot convert value of type
}
