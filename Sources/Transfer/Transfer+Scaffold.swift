// The Transfer target.
