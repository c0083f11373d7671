import Petrel

func intoAMessage() -> Put {
  letters.put(r)  // error: has no member 'put'
}
