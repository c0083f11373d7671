import Petrel

func outOfAnEnd() -> Arc<Receipt> {
  done.token("d")  // error: has no member 'token'
}
