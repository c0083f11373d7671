// The Petrel target.
