import Petrel

func illTypedField() -> Put {
  receipts.put(.set(\.id, o.cents))  // error: cannot convert value of type
}
