import Petrel

func illTypedOutput() -> Transition {
  .plain("move", in: [o], puts: receipts.put(o))  // error: cannot convert value of type
}
