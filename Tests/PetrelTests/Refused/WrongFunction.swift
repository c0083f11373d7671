import Petrel

func wrongFunction() -> Action {
  charge.performed { order, _ in order.cents }  // error: cannot convert value of type
}
