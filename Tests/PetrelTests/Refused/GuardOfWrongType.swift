import Petrel

func guardOfWrongType() -> Formula<Bool> {
  o.cents > "100"  // error: requires the types 'Int' and 'String' be equivalent
}
