// The HTTPActions target.
