#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

func naturalExponential(_ exponent: Double) -> Double {
  exp(exponent)
}
