// The LoopbackServer target.
